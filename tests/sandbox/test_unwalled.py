"""Where nothing can be forked, and where there is no /proc: a student's own machine."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.sandbox import processes
from autograder.sandbox.endings import SandboxFault
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.processes import procfs, psutil_
from autograder.sandbox.spawned import SpawnedProcess, SpawnedZygote

LIMITS = Limits(wall=10, cpu=5, memory=256 << 20)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()[0] != "Z"
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

    started = SpawnedProcess("plain")
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


def test_every_system_is_asked_the_same(tmp_path: Path) -> None:
    assert processes.chosen() is procfs
    assert processes.chosen(tmp_path) is psutil_  # where there is no /proc
    for name, question in vars(processes.Processes).items():
        if not name.startswith("_"):
            asked = list(inspect.signature(question).parameters)[1:]
            for module in (procfs, psutil_, processes):
                assert list(inspect.signature(getattr(module, name)).parameters) == asked, name


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
