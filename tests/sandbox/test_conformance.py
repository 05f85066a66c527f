"""What every place to run a module does: the contract of ``Side`` and of ``WorkerSource``.

A place declares what it ``provides``. What it does not is refused in so many words, never ignored.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.judging.outcomes import Deferred, Outcome
from autograder.judging.protocols import Side
from autograder.judging.run_log import RunLog
from autograder.judging.scope import CheckScope
from autograder.judging.sides import WorkerSide
from autograder.judging.student_rooms import LoggedSource
from autograder.model import Verdict, Walls
from autograder.sandbox import bubblewrap, container, unwalled
from autograder.sandbox.endings import SandboxFault
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.protocols import Capability, WorkerSource
from autograder.sandbox.spawned import SpawnedZygote
from autograder.sandbox.walls import RootSet
from autograder.sandbox.zygote import Zygote
from bench.local import LocalSide, NotProvided


class OfRoot(Zygote):
    """A zygote that is a fork of a root, which ends with it."""

    def __init__(self, roots: RootSet, walls: Walls = Walls.NAMESPACES) -> None:
        super().__init__("plain", slot=211, roots=roots, walls=walls)
        self._roots = roots

    def close(self) -> None:
        super().close()
        self._roots.close()


LIMITS = Limits(wall=20, cpu=10, memory=256 << 20)

SOURCES: dict[str, Callable[[], WorkerSource]] = {
    "walled": lambda: Zygote("plain"),
    "shared": lambda: OfRoot(RootSet(())),
    "container": lambda: Zygote("plain", walls=Walls.CONTAINER),
    "container shared": lambda: OfRoot(RootSet((), Walls.CONTAINER), Walls.CONTAINER),
    "unwalled": lambda: Zygote("plain", walls=Walls.NONE),
    "kata": lambda: LoggedSource(unwalled.source("plain"), "student", RunLog()),
    "spawned": lambda: SpawnedZygote("plain"),
}
of_sources = pytest.mark.parametrize("source", SOURCES, indirect=True)
"""For the contract of ``WorkerSource`` alone."""


def lacking(name: str) -> str:
    """Why there can be no such source here."""
    if name in ("walled", "shared"):
        return bubblewrap.probe()
    problem = container.problem(network=False) if name.startswith("container") else None
    return problem[0] if problem else ""


@pytest.fixture(scope="module", params=[*SOURCES, "local"])
def source(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WorkerSource | None]:
    if reason := lacking(request.param):
        pytest.skip(reason)
    if request.param == "local":
        yield None
        return
    # Not below pytest's folders: workers with users of their own must pass through.
    tmp_path_factory.getbasetemp()  # made now, it does not follow the folder for temporary files
    scratch = Path(tempfile.mkdtemp(prefix="kata-test-"))
    scratch.chmod(0o711)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(scratch))
        source = SOURCES[request.param]()
        yield source
        source.close()
        source.close()
    left = list(scratch.iterdir())
    shutil.rmtree(scratch)
    assert left == [], "scratch folders were left"


@dataclass
class Place:
    """Somewhere to run modules; ``side(text)`` is a submission of that text."""

    provides: frozenset[Capability]
    side: Callable[[str], Side]


@pytest.fixture
def place(source: WorkerSource | None, tmp_path: Path) -> Iterator[Place]:
    if source is None:
        provides = frozenset({Capability.NEIGHBOURS, Capability.CORES})
        before = list(sys.path)
        sys.path.insert(0, str(tmp_path))
        yield Place(provides, lambda text: LocalSide("answer", text.encode(), str(tmp_path)))
        sys.path[:] = before
        return
    scope = CheckScope(lambda profile, role: source, 7)

    def side(text: str) -> WorkerSide:
        return WorkerSide(scope, "student", "answer", "plain", text.encode(), LIMITS)

    yield Place(source.provides, side)
    scope.close()
    scope.close()


def run(module: Any, *arguments: Any) -> Any:
    """The observation of most tests: what the answer's own ``run`` returns."""
    return module.run(*arguments)


def twice(value: Any) -> Any:
    """A helper of an observation."""
    return [value, value]


def ending(side: Side) -> Outcome:
    """How an observation ends that does not come to an end of its own."""
    with pytest.raises(Outcome) as caught:
        side.run(run)
    return caught.value


# -- observing -----------------------------------------------------------------------------------


def test_evidence_is_what_the_observation_returned(place: Place) -> None:
    side = place.side("def run(value): return value\n")

    def seen(module: Any, value: Any) -> Any:
        return {"seen": twice(module.run(value))}

    for value in (None, True, -7, 1 << 80, 2.5, "text", b"bytes", [1, [2]], (3, "x"), {"k": {4}}):
        assert side.run(seen, helpers=[twice], value=value) == {"seen": [value, value]}

    @side.observe(value=5)
    def observed(module: Any, value: int) -> Any:
        return module.run(value)

    assert observed == 5


def test_a_batch_is_one_observation_for_each_set_of_arguments(place: Place) -> None:
    def seen(module: Any, n: int) -> Any:
        return module.run(n)

    side = place.side(
        "calls = []\ndef run(n):\n    calls.append(n)\n    return n * n, len(calls)\n"
    )
    assert side.batch(seen, [{"n": n} for n in (3, 1, 2)]) == [(9, 1), (1, 2), (4, 3)]
    assert side.batch(seen, []) == []


def test_two_observations_at_a_time(place: Place) -> None:
    def wait(module: Any, word: str) -> str:
        import time

        time.sleep(0.02)
        return word

    side, other = place.side(""), place.side("")
    first, second = side.begin(wait, word="a"), other.begin(wait, word="b")
    assert (second.end(), first.end()) == ("b", "a")


def test_the_module_is_loaded_once_and_anew_where_it_is_fresh(place: Place) -> None:
    side = place.side("count = 0\ndef run():\n    global count\n    count += 1\n    return count\n")
    assert [side.run(run), side.run(run), side.collected(run, {})] == [1, 2, 3]
    assert [side.fresh().run(run), side.run(run)] == [1, 4]
    assert side.with_source(b"def run(): return 'another'\n").run(run) == "another"


def test_what_the_code_raises_is_quoted(place: Place) -> None:
    outcome = ending(place.side("def run():\n    return 1 / 0\n"))
    assert outcome.verdict is Verdict.RAISED and not outcome.loading
    assert "ZeroDivisionError: division by zero" in outcome.public_message
    assert "line 2 in run: return 1 / 0" in outcome.public_message


@pytest.mark.parametrize("text", ["def run(:\n", "raise ValueError('no')\n"])
def test_a_module_that_cannot_be_loaded(place: Place, text: str) -> None:
    outcome = ending(place.side(text))
    assert outcome.verdict is Verdict.RAISED and outcome.loading


def test_helper_modules_lie_beside_it(place: Place) -> None:
    side = place.side("def run():\n    import kata_aid\n    return kata_aid.word\n")
    assert side.with_files(kata_aid="word = 'here'\n").run(run) == "here"
    assert side.free(["kata_aid", "other"]) == ["kata_aid", "other"]


# -- a process of its own ------------------------------------------------------------------------

ENDINGS: dict[str, tuple[str, dict[str, Any], Verdict]] = {
    "time": ("import time\ndef run(): time.sleep(60)\n", {"wall": 0.5}, Verdict.TIMED_OUT),
    "CPU time": ("def run():\n    while True: pass\n", {"cpu": 1}, Verdict.TIMED_OUT),
    "memory": (
        "def run():\n    held = []\n    while True: held.append(bytes(1 << 20))\n",
        {"memory": 128 << 20},
        Verdict.OUT_OF_MEMORY,
    ),
    "a crash": ("import ctypes\ndef run(): ctypes.string_at(0)\n", {}, Verdict.CRASHED),
    "leaving": ("import os\ndef run(): os._exit(0)\n", {}, Verdict.CRASHED),
}


@pytest.mark.parametrize("kind", ENDINGS)
def test_what_takes_too_much_or_crashes_ends_its_worker_only(place: Place, kind: str) -> None:
    text, limits, verdict = ENDINGS[kind]
    if Capability.OWN_PROCESS not in place.provides:
        with pytest.raises(NotProvided, match="limits"):
            place.side(text).within(**limits)
        return
    beside = place.side("def run(): return 'alive'\n")
    assert beside.run(run) == "alive"
    side = place.side(text).within(**limits)
    # Out of memory, an interpreter may not even manage to say so.
    allowed = {verdict, Verdict.CRASHED} if verdict is Verdict.OUT_OF_MEMORY else {verdict}
    assert ending(side).verdict in allowed
    assert ending(side).verdict in allowed, "it has ended for good"
    assert beside.run(run) == "alive"


def test_what_the_code_prints_is_kept_up_to_its_limit(place: Place) -> None:
    side = place.side("print('loaded')\ndef run(): print('x' * 5000)\n")
    side.run(run)
    if Capability.OWN_PROCESS not in place.provides:
        with pytest.raises(NotProvided, match="printed"):
            _ = side.printed
        return
    assert side.printed == "loaded\n" + "x" * 5000 + "\n"
    side = side.within(output=100)
    side.run(run)
    assert side.printed == ("loaded\n" + "x" * 5000)[:100]


def test_arguments_are_copies(place: Place) -> None:
    def spoil(module: Any, values: list[int]) -> list[int]:
        values.append(3)
        return values

    if Capability.OWN_PROCESS in place.provides:
        values = [1, 2]
        assert place.side("").run(spoil, values=values) == [1, 2, 3] and values == [1, 2]


def test_standard_input_is_empty(place: Place) -> None:
    if Capability.OWN_PROCESS in place.provides:
        assert "EOFError" in ending(place.side("def run(): return input()\n")).public_message


def test_nothing_is_left_of_a_check(source: WorkerSource | None) -> None:
    """Neither processes nor descriptors, be the code at work or at rest."""
    if source is None:
        return
    text = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(child.pid, flush=True)\n"
        "def run(): time.sleep(600)\n"
    )

    def once() -> list[int]:
        scope = CheckScope(lambda profile, role: source, 7)
        side = WorkerSide(scope, "student", "answer", "plain", text.encode(), LIMITS)
        pids = [side.worker().pid]
        side.begin(run)
        scope.close()
        # In a namespace its number says nothing out here; there it ends with its namespace.
        return pids if Capability.OWN_NETWORK in source.provides else [*pids, int(side.printed)]

    once()
    before = len(os.listdir("/proc/self/fd"))
    pids = [pid for _ in range(3) for pid in once()]
    deadline = time.monotonic() + 30
    while any(map(_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(_alive, pids))
    source.worker(LIMITS).close()  # one that was left to die is accounted for now
    assert len(os.listdir("/proc/self/fd")) <= before


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


# -- neighbours, cores, walls --------------------------------------------------------------------

SERVER = """
import socket
def listen():
    global server
    server = socket.create_server(("127.0.0.1", 0))
    return server.getsockname()[1]
def hear():
    with server.accept()[0] as peer:
        peer.settimeout(5)
        return peer.recv(100)
"""


def listen(module: Any) -> Any:
    return module.listen()


def hear(module: Any) -> Any:
    return module.hear()


def call(module: Any, port: int) -> str:
    import socket

    with socket.create_connection(("127.0.0.1", port), 3) as peer:
        peer.sendall(b"from the student's process")
    return "called"


def test_a_companion_shares_the_network(place: Place) -> None:
    side = place.side("")
    companion = side.beside(SERVER)
    pending = side.begin(call, port=companion.run(listen))
    assert companion.run(hear) == b"from the student's process"
    assert pending.end() == "called"


def test_a_companion_shares_nothing_else(place: Place) -> None:
    side = place.side("SECRET = open('left', 'w').write('x')\n")

    def around(module: Any) -> Any:
        import os

        return "left" in os.listdir(), hasattr(module, "SECRET")

    if Capability.OWN_PROCESS in place.provides:
        assert side.run(around) == (True, True)
        assert side.beside("").run(around) == (False, False)


def test_in_a_network_of_its_own_nobody_else_can_be_reached(place: Place) -> None:
    if Capability.OWN_NETWORK not in place.provides:
        return
    port = place.side("").beside(SERVER).run(listen)
    with pytest.raises(Outcome) as caught:
        place.side("").run(call, port=port)
    assert "ConnectionRefusedError" in caught.value.public_message


def test_a_side_on_some_cores(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    core = min(os.sched_getaffinity(0))
    side = place.side("import os\ndef run(): return sorted(os.sched_getaffinity(0))\n")
    assert side.on_cores([core]).run(run) == [core]
    monkeypatch.delattr(os, "sched_setaffinity")  # as on macOS
    with pytest.raises((Deferred, NotProvided), match="a choice of cores"):
        side.on_cores([core]).run(run)


# -- sources of workers --------------------------------------------------------------------------


@of_sources
def test_a_worker_is_new_and_seeded(source: WorkerSource) -> None:
    draws = []
    for seed in (7, 8, 7):
        worker = source.worker(LIMITS, seed)
        text = b"import random\nraise ValueError(random.random())"
        reply = worker.load({"name": "answer", "source": text, "files": {}})
        draws.append(reply["raised"]["message"])
        worker.close()
        worker.close()
        assert worker.ended
    assert draws[0] == draws[2] != draws[1]


@of_sources
def test_a_source_may_be_started_and_stocked_at_any_time(source: WorkerSource) -> None:
    source.start()
    source.start()
    source.stock(LIMITS, 2)
    workers = [source.worker(LIMITS) for _ in range(3)]
    assert len({worker.pid for worker in workers}) == 3
    for worker in workers:
        assert worker.load({"name": "answer", "source": b"", "files": {}}) == {"value": None}
        worker.close()


@of_sources
def test_nobody_lies_beside_a_worker_that_has_ended(source: WorkerSource) -> None:
    worker = source.worker(LIMITS)
    worker.close()
    with pytest.raises(SandboxFault, match="has ended"):
        source.worker(LIMITS, beside=worker)


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_that_never_started_has_nothing_to_end(name: str) -> None:
    source = SOURCES[name]()
    source.stock(LIMITS, 2)
    source.close()
    source.close()
