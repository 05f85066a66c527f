"""Workers without walls, forked and spawned: a student's own machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.processes import procfs, psutil_
from autograder.sandbox.spawned import SpawnedZygote, _Started
from autograder.sandbox.worker import SandboxFault, Worker, WorkerEnded
from autograder.sandbox.zygote import Zygote

LIMITS = Limits(wall=10, cpu=5, memory=256 << 20)


@pytest.fixture(params=["fork", "ahead", "spawn"])
def zygote(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made: Any = {
        "fork": lambda: Zygote("plain", walls=False),
        "ahead": lambda: Zygote("plain", walls=False, ahead=True),
        "spawn": lambda: SpawnedZygote("plain", ahead=0),
    }[request.param]()
    yield made
    made.close()
    assert list(tmp_path.iterdir()) == [], "scratch folders were left"


def load(worker: Worker, source: str) -> dict[str, Any]:
    return worker.load({"name": "m", "source": source.encode(), "files": {}})


def test_answers_and_prints(zygote: Any) -> None:
    worker = zygote.worker(LIMITS)
    assert load(worker, "print('hello')\nx = input\n") == {"value": None}
    worker.close()
    assert bytes(worker.printed) == b"hello\n"


def test_the_seed_is_the_one_asked_for(zygote: Any) -> None:
    drawn = []
    for seed in (7, 8, 7):
        worker = zygote.worker(LIMITS, seed)
        reply = load(worker, "import random\nraise ValueError(random.random())")
        drawn.append(reply["raised"]["message"])
        worker.close()
    assert drawn[0] == drawn[2] != drawn[1]


def test_standard_input_is_empty(zygote: Any) -> None:
    worker = zygote.worker(LIMITS)
    assert load(worker, "input()")["raised"]["type"] == "EOFError"
    worker.close()


@pytest.mark.parametrize(
    ("source", "how"),
    [
        ("import os; os._exit(0)", "exited"),
        ("import ctypes; ctypes.string_at(0)", "crashed"),
        ("while True: pass", "timed out"),
        ("x = []\nwhile True: x.append(bytes(1 << 20))", "out of memory"),
    ],
)
def test_ends(zygote: Any, source: str, how: str) -> None:
    limits = Limits(wall=3, cpu=2, memory=128 << 20)
    worker = zygote.worker(limits)
    try:
        seen = load(worker, source)["raised"]["type"]
    except WorkerEnded as ended:
        seen = ended.how
    # Out of memory, the interpreter may raise, or not even manage to say so.
    fine = {how, "MemoryError", "exited"} if how == "out of memory" else {how}
    assert seen in fine
    worker.close()


def test_descendants_go_too(zygote: Any, tmp_path: Path) -> None:
    worker = zygote.worker(LIMITS)
    source = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(child.pid, flush=True)\n"
    )
    load(worker, source)
    worker.close()
    pid = int(bytes(worker.printed))
    deadline = time.monotonic() + 30
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _alive(pid)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_spawned_worker_leaves_with_its_owner() -> None:
    code = (
        "import os\n"
        "from autograder.sandbox.spawned import SpawnedZygote\n"
        "from autograder.sandbox.inside.limits import Limits\n"
        "zygote = SpawnedZygote('plain', ahead=0)\n"
        "worker = zygote.worker(Limits(wall=60, cpu=60))\n"
        "worker.send({'op': 'load', 'name': 'm', 'files': {}, 'source':\n"
        "             b'import time\\nwhile True: time.sleep(0.01)'})\n"
        "print(worker.pid, worker.scratch, flush=True)\n"
        "os._exit(0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    pid, scratch = done.stdout.split()
    deadline = time.monotonic() + 30
    while _alive(int(pid)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _alive(int(pid))
    import shutil

    shutil.rmtree(scratch, ignore_errors=True)


def test_a_stranger_on_the_port_is_not_taken_for_the_worker() -> None:
    import socket

    started = _Started("plain")
    port = started._listener.getsockname()[1]
    with socket.create_connection(("127.0.0.1", port)) as stranger:
        stranger.sendall(b"x" * 16)
        ours = started.connection()
        assert ours.getpeername() != stranger.getsockname()
        ours.close()
    started.close()


def test_a_worker_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder.sandbox import spawned

    monkeypatch.setattr(spawned, "_environment", lambda: {"PYTHONHOME": "/nowhere"})
    with pytest.raises(SandboxFault, match="the worker did not start"):
        SpawnedZygote("plain", ahead=0).worker(LIMITS)


def test_elsewhere_answers_as_proc_does() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", "x = bytearray(50 << 20); input()"], stdin=subprocess.PIPE
    )
    try:
        pid = child.pid
        deadline = time.monotonic() + 30
        while procfs.resident(pid) < 50 << 20 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert psutil_.tree(pid) == procfs.tree(pid) == [pid]
        assert psutil_.resident(pid) == pytest.approx(procfs.resident(pid), rel=0.05)
        assert psutil_.tree_anonymous(pid)[1] == 1
        assert psutil_.tree_cpu(pid) == pytest.approx(procfs.tree_cpu(pid), abs=0.05)
        assert pid in psutil_.tree(os.getpid())
        psutil_.reset_peak(pid)
        assert psutil_.peak_resident(pid) >= 50 << 20
        psutil_.kill_tree(pid)
        assert child.wait(30) == -9
    finally:
        child.kill()
        child.communicate()
    assert psutil_.resident(pid) == 0 and psutil_.tree_cpu(pid) == 0
