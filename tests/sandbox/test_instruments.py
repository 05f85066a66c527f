"""What an observation works with is Python's own, whatever the student's module does to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from autograder.judging import observations
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.zygote import Zygote

pytestmark = pytest.mark.usefixtures("walls")

Run = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    made = Zygote("plain", slot=210)
    yield made
    made.close()


@pytest.fixture
def run(zygote: Zygote) -> Run:
    """``run(source, function, …)``: the replies to loading and to each observation in turn."""

    def go(
        source: str,
        *functions: Callable[..., Any],
        files: dict[str, bytes] | None = None,
        **arguments: Any,
    ) -> list[dict[str, Any]]:
        worker = zygote.worker(Limits(wall=10), 1)
        try:
            module = {"name": "answer", "source": source.encode(), "files": files or {}}
            replies = [worker.load(module)]
            for function in functions:
                sets = observations.assigned(function.__code__)
                worker.extend(10)
                replies.append(
                    worker.call(
                        {
                            "op": "observe",
                            "function": observations.pack(function),
                            "helpers": [],
                            "arguments": arguments,
                            "sets": sets,
                        }
                    )
                )
            return replies
        finally:
            worker.close()

    return go


def slept(module: Any) -> Any:
    """The real time that a sleep took, by a clock that nobody has replaced."""
    import time

    began = time.perf_counter()
    time.sleep(0.05)
    return time.perf_counter() - began >= 0.05, module.go(time.sleep)


IDLE = "def go(sleep): return None\n"

AT_IMPORT = {
    "attribute": "import time\ntime.sleep = lambda s: None\n",
    "dictionary": "import time\nvars(time)['sleep'] = lambda s: None\n",
    "deleted": "import time\ndel time.sleep\n",
    "sys.modules": "import sys, types\nfake = types.ModuleType('time')\n"
    "fake.sleep = lambda s: None\nfake.perf_counter = iter(range(9)).__next__\n"
    "sys.modules['time'] = fake\n",
    "module class": "import time, types\nclass M(types.ModuleType):\n"
    "    sleep = property(lambda self: lambda s: None)\ntime.__class__ = M\n",
    "import": "import builtins, types\nreal = builtins.__import__\n"
    "def fake(name, *more, **named):\n"
    "    module = real(name, *more, **named)\n"
    "    if name != 'time': return module\n"
    "    other = types.SimpleNamespace(perf_counter=iter(range(9)).__next__)\n"
    "    other.sleep = lambda s: None\n    return other\nbuiltins.__import__ = fake\n",
}


@pytest.mark.parametrize("how", AT_IMPORT)
def test_what_is_replaced_at_import_is_not_what_an_observation_uses(run: Run, how: str) -> None:
    _, seen = run(AT_IMPORT[how] + IDLE, slept)
    assert seen["value"] == (True, None), seen


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (AT_IMPORT["attribute"], "time.sleep"),
        (AT_IMPORT["deleted"], "time.sleep"),
        ("import threading\nthreading.Thread.start = lambda s: None\n", "threading.Thread.start"),
        ("import builtins\nbuiltins.len = lambda x: 3\n", "builtins.len"),
        ("import weakref\nclass R(weakref.ref): pass\nweakref.ref = R\n", "weakref.ref"),
        ("import os\nos.getpid = lambda: 5\n", "os.getpid"),
        ("import gc\ngc.isenabled = lambda: True\n", "gc.isenabled"),
        ("import asyncio\nasyncio.sleep = None\n", "asyncio.sleep"),
    ],
)
def test_what_is_replaced_at_import_is_told_and_put_back(run: Run, source: str, name: str) -> None:
    def again(module: Any) -> Any:
        import threading
        import time

        done: list[int] = []
        thread = threading.Thread(target=done.append, args=(len("ab"),))
        thread.start()
        thread.join()
        return done, time.sleep(0)

    loaded, seen = run(source + IDLE, again)
    assert loaded["replaced"] == [name]
    assert seen == {"value": ([2], None)}


WHILE_IT_RUNS = {
    "attribute": "import time\ntime.sleep = lambda s: None",
    "taken back": "import time\nreal = time.sleep\ntime.sleep = None\ntime.sleep = real",
    "the namespace": "import sys\nsys._getframe(1).f_globals['__builtins__']['len'] = lambda x: 7",
}


@pytest.mark.parametrize("how", WHILE_IT_RUNS)
def test_what_is_replaced_while_it_runs_is_told(run: Run, how: str) -> None:
    body = WHILE_IT_RUNS[how].replace("\n", "\n    ")
    _, seen = run(f"def go(sleep):\n    {body}\n", slept)
    assert seen["replaced"], seen
    assert seen["value"][0] is True


def test_a_stand_in_that_was_written_to_is_told(run: Run) -> None:
    def handed_out(module: Any) -> Any:
        import time

        return module.go(lambda: time.sleep(0))

    source = (
        "def go(fetch):\n    stand_in = fetch.__closure__[0].cell_contents\n"
        "    vars(stand_in)['sleep'] = lambda s: None\n"
    )
    _, seen = run(source, handed_out)
    assert seen["replaced"] == ["time"]


def test_what_an_observation_replaces_reaches_the_answer_and_is_nobodys_fault(run: Run) -> None:
    def faked(module: Any) -> Any:
        import time

        real = time.sleep
        log: list[float] = []
        time.sleep = log.append  # type: ignore[assignment]
        module.go(None)
        time.sleep = real
        return log, time.sleep is real

    _, seen = run("import time\ndef go(sleep):\n    time.sleep(5)\n", faked)
    assert seen == {"value": ([5], True)}


ORDINARY = """
import asyncio, atexit, collections, concurrent.futures, contextlib, copy, dataclasses, enum
import functools, gc, io, json, logging, multiprocessing, os, pathlib, pickle, queue, random, re
import signal, socket, subprocess, sys, tempfile, threading, time, traceback, typing, unittest.mock
import warnings, weakref

log = logging.getLogger("answer")
logging.basicConfig(level=logging.INFO)
sys.excepthook = lambda *a: None
threading.excepthook = lambda a: None
random.seed(3)

@dataclasses.dataclass
class P:
    x: int = 1
E = enum.Enum("E", "A B")
N = collections.namedtuple("N", "a b")

async def work():
    async with asyncio.timeout(5):
        await asyncio.gather(*(asyncio.sleep(0) for _ in range(3)), asyncio.to_thread(len, "a"))

def go():
    asyncio.run(work())
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(len, ["a", "b"]))
    with multiprocessing.get_context("fork").Pool(1) as pool:
        pool.map(len, ["a"])
    subprocess.run([sys.executable, "-c", "1"], check=True)
    log.info("x")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.warn("x")
    with contextlib.redirect_stdout(io.StringIO()):
        print("x")
    with tempfile.TemporaryDirectory() as place:
        pathlib.Path(place, "a").write_text(json.dumps([1]))
    weakref.finalize(P(), print)
    signal.signal(signal.SIGUSR1, lambda *a: None)
    with unittest.mock.patch("json.dumps"):
        json.dumps(1)
    gc.disable()
    return pickle.loads(pickle.dumps(P(2))).x
"""


def test_ordinary_work_replaces_nothing(run: Run) -> None:
    def busy(module: Any) -> Any:
        return module.go()

    loaded, seen = run(ORDINARY, busy)
    assert loaded == {"value": None}
    assert seen == {"value": 2}


TASKS = {"tasks.py": b"CALLS = []\ndef square(x):\n    CALLS.append(x)\n    return x * x\n"}


@pytest.mark.parametrize(
    "how",
    [
        "import sys, types\nfake = types.ModuleType('tasks')\nfake.square = lambda x: 7\n"
        "sys.modules['tasks'] = fake\n",
        "import tasks\ntasks.square = lambda x: 7\n",
    ],
)
def test_the_graders_own_modules_cannot_be_exchanged(run: Run, how: str) -> None:
    def used(module: Any) -> Any:
        import tasks  # type: ignore[import-not-found]

        return tasks.square(3), tasks.CALLS

    _, seen = run(how + IDLE, used, files=TASKS)
    assert seen["value"] == (9, [3])


def test_a_method_that_is_replaced_and_put_back_is_told(run: Run) -> None:
    source = (
        "import threading\n"
        "def go(sleep):\n"
        "    real = threading.Thread.start\n"
        "    threading.Thread.start = lambda self: None\n"
        "    threading.Thread.start = real\n"
    )
    _, seen = run(source, slept)
    assert seen["replaced"] == ["threading.Thread"]


HONEST = {
    "copies a queue": "import copy, queue\ndef go(): return copy.copy(queue.Queue()).qsize() + 1\n",
    "pickles an event": "import pickle, threading\ndef go():\n"
    "    try: pickle.dumps(threading.Event())\n    except TypeError: return 1\n",
    "adds an audit hook": "import sys\nsys.addaudithook(print)\ndef go(): return 1\n",
    "leaves a file open": "def go():\n    file = open('/dev/null')\n    del file\n    return 1\n",
    "never awaits": "async def mine(): pass\ndef go():\n    mine()\n    return 1\n",
    "warns its callers": "import warnings\ndef go():\n"
    "    for level in range(1, 7): warnings.warn('careful', stacklevel=level)\n    return 1\n",
    "sets the time zone": "import os, time\ndef go():\n    os.environ['TZ'] = 'UTC'\n"
    "    time.tzset()\n    return 1\n",
    "has a signal's handler": "import signal\nhits = []\n"
    "signal.signal(signal.SIGUSR1, lambda *a: hits.append(1))\n"
    "def go():\n    signal.raise_signal(signal.SIGUSR1)\n    return len(hits)\n",
    "puts a name into os": "import os\ndef go():\n    os.mine = 1\n    return os.mine\n",
}


@pytest.mark.parametrize("how", HONEST)
def test_honest_code_replaces_nothing(run: Run, how: str) -> None:
    def used(module: Any) -> Any:
        return module.go()

    loaded, seen = run(HONEST[how], used)
    assert (loaded, seen) == ({"value": None}, {"value": 1})


def test_an_errors_message_may_hold_anything(run: Run) -> None:
    def used(module: Any) -> Any:
        return module.go()

    _, seen = run("def go(): raise ValueError('\\ud800 \\x00')\n", used)
    assert seen["raised"]["message"] == "\\ud800 \x00"


def test_a_source_of_the_largest_size_is_loaded(run: Run) -> None:
    def used(module: Any) -> Any:
        return module.go()

    source = "def go(): return 1\n" + "#" * ((1 << 20) - 100) + "\n"
    assert run(source, used) == [{"value": None}, {"value": 1}]


def test_threads_of_an_observation_are_not_traced_by_the_answer(run: Run) -> None:
    def threaded(module: Any) -> Any:
        import threading

        seen: list[int] = []

        def work() -> None:
            seen.append(len(seen) + 1)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        return seen, module.go()

    source = (
        "import threading\ncalls = []\n"
        "def trace(frame, event, argument):\n"
        "    if frame.f_code.co_name == 'work': calls.append(event)\n"
        "    return trace\n"
        "threading.settrace(trace); threading.setprofile(trace)\n"
        "def go(): return len(calls)\n"
    )
    _, seen = run(source, threaded)
    assert seen["value"] == ([1], 0)
