"""What is special about the walls of a container; ``test_container.py`` runs this within one."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.judging import observations
from autograder.model import Walls
from autograder.sandbox import container, users
from autograder.sandbox.endings import WorkerEnded
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.inside.users import present
from autograder.sandbox.processes import footprint, peak_resident, procfs, reset_peak, tree_pss
from autograder.sandbox.worker import Worker
from autograder.sandbox.zygote import Zygote

_problem = container.problem(network=False)
pytestmark = pytest.mark.skipif(_problem is not None, reason=_problem[0] if _problem else "-")

LIMITS = Limits(wall=20, cpu=10)


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    made = Zygote("plain", walls=Walls.CONTAINER)
    yield made
    made.close()


def worker(zygote: Zygote, source: str) -> Worker:
    made = zygote.worker(LIMITS)
    reply = made.load({"name": "answer", "source": source.encode(), "files": {}})
    assert "raised" not in reply, reply
    return made


def go(worker: Worker) -> Any:
    """What ``go`` of the module returns."""

    def run(module: Any) -> Any:
        return module.go()

    request = {"function": observations.pack(run), "helpers": [], "arguments": {}, "sets": ()}
    reply = worker.call({"op": "observe", **request})
    assert "value" in reply, reply
    return reply["value"]


def uid(worker: Worker) -> int:
    assert worker.process.user is not None
    return worker.process.user.uid


def test_each_worker_is_another_user(zygote: Zygote) -> None:
    source = "import os\ndef go(): return [os.getresuid(), os.getresgid(), os.getgroups()]\n"
    made = [worker(zygote, source) for _ in range(3)]
    seen = [go(one) for one in made]
    assert len({uid(one) for one in made}) == 3
    for one, found in zip(made, seen, strict=True):
        assert found == [(uid(one),) * 3, (uid(one),) * 3, []]
        one.close()


STATUS = """
def go():
    names = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp")
    lines = open("/proc/self/status").read().splitlines()
    rows = dict(line.split(":", 1) for line in lines)
    return {name: int(rows[name], 16) for name in names}
"""


def test_it_has_no_rights_and_can_gain_none(zygote: Zygote) -> None:
    made = worker(zygote, STATUS)
    nothing = dict.fromkeys(("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"), 0)
    assert go(made) == nothing | {"NoNewPrivs": 1, "Seccomp": 2}
    made.close()


REACH = """
import os, signal, socket
def go():
    found = []
    def tried(what, action):
        try:
            action()
        except OSError:
            return
        found.append(what)
    for path in PATHS:
        tried(path, lambda: os.listdir(path) if os.path.isdir(path) else open(path))
        tried("write " + path, lambda: open(path, "ab"))
        tried("make in " + path, lambda: open(os.path.join(path, "planted"), "x"))
    for pid in PIDS:
        tried(f"signal {pid}", lambda: os.kill(pid, signal.SIGCONT))
        for name in ("environ", "mem", "maps", "root/etc", "cwd/.", "fd/0"):
            tried(f"{name} of {pid}", lambda: open(f"/proc/{pid}/{name}", "rb").read(1))
    with socket.socket(socket.AF_UNIX) as one:
        tried("abstract socket", lambda: one.connect(ABSTRACT))
    return found
"""


PLACES = ["/etc/passwd", "/", "/tmp", "/root", "/run", "/sys", "/dev", "/var/tmp", "/proc/sys"]


def test_another_worker_and_the_judge_are_out_of_reach(zygote: Zygote) -> None:
    import socket

    first = worker(zygote, "open('secret', 'w').write('x')\nimport os\ndef go(): pass\n")
    go(first)
    name = f"\0kata-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(name)
        listener.listen()
        values = {
            "PATHS": [first.scratch, f"{first.scratch}/work/secret", *PLACES, str(Path(__file__))],
            "PIDS": [first.pid, os.getpid(), 1],
            "ABSTRACT": name,
        }
        given = "".join(f"{key} = {value!r}\n" for key, value in values.items())
        second = worker(zygote, given + REACH)
        # Settings of the kernel may be read, and of /proc no more.
        assert go(second) == ["/proc/sys"]
    first.close()
    second.close()


SHARED = """
import os
from multiprocessing import Pool
from multiprocessing.shared_memory import SharedMemory
def twice(n): return 2 * n
def go():
    block = SharedMemory(create=True, size=100, name="kata-NAME")
    with Pool(2) as pool:
        found = pool.map(twice, range(3))
    others = []
    for name in os.listdir("/dev/shm"):
        if os.stat("/dev/shm/" + name).st_uid != os.getuid():
            try:
                open("/dev/shm/" + name).close()
                others.append(name)
            except OSError:
                pass
    return [found, others]
"""


def test_shared_memory_works_is_nobody_elses_and_goes_with_its_user(zygote: Zygote) -> None:
    made = [worker(zygote, SHARED.replace("NAME", name)) for name in ("one", "two")]
    assert [go(one) for one in made] == [[[0, 2, 4], []]] * 2
    assert {"kata-one", "kata-two"} <= set(os.listdir("/dev/shm"))
    for one in made:
        one.close()
    assert not [name for name in os.listdir("/dev/shm") if name.startswith("kata-")]


DAEMON = """
import os, time
def go():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 100)
            while True:  # each ends before it can be found by its number
                if os.fork():
                    os._exit(0)
        os._exit(0)
    return os.getpid()
"""


def test_processes_that_fork_on_and_on_end_with_their_user(zygote: Zygote) -> None:
    made = worker(zygote, DAEMON)
    user = uid(made)
    go(made)
    made.bounds.go_on()
    made.close()
    assert present(user) == []
    after = worker(zygote, "def go(): return 'here'\n")
    assert go(after) == "here"
    after.close()


DEEP = """
import os
def go():
    for _ in range(3000):
        os.mkdir("f" * 100)
        os.chdir("f" * 100)
    open("file", "w").close()
    os.chmod(".", 0)
"""


def test_nothing_is_left_of_a_scratch_folder(zygote: Zygote) -> None:
    made = worker(zygote, DEEP)
    scratch = Path(made.scratch)
    assert scratch.stat().st_mode & 0o777 == 0o700 and scratch.stat().st_uid == uid(made)
    with contextlib.suppress(WorkerEnded):  # they may be too many, and go all the same
        go(made)
    made.close()
    assert not scratch.exists()


def test_the_judge_sees_what_a_worker_holds(zygote: Zygote) -> None:
    """Root of a container may not look at others' memory; it looks as the worker's user."""
    text = "kept = []\ndef go():\n    kept.append(bytearray(b'x' * (30 << 20)))\n"
    made = worker(zygote, text)
    before = footprint.levels(made.pid).own
    reset_peak(made.pid)
    go(made)
    assert footprint.levels(made.pid).own - before > 29 << 20
    assert peak_resident(made.pid) > 29 << 20
    assert tree_pss(made.pid) > 29 << 20
    assert footprint.libraries(made.pid) > 0 and procfs.content(f"/proc/{made.pid}/maps")
    assert os.geteuid() == 0
    made.close()


JUDGE = r"""
import os, sys, time
from autograder.model import Walls
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.zygote import Zygote
zygote = Zygote("plain", walls=Walls.CONTAINER)
worker = zygote.worker(Limits(wall=600, cpu=600))
text = b"import os, time\nif os.fork() == 0:\n    while True: pass\n"
worker.load({"name": "answer", "source": text, "files": {}})
worker.bounds.go_on()
print(worker.process.user.uid, zygote._folder, flush=True)
time.sleep(600)
"""


def test_nothing_is_left_of_a_judge_that_is_killed() -> None:
    judge = subprocess.Popen([sys.executable, "-c", JUDGE], stdout=subprocess.PIPE, text=True)
    assert judge.stdout is not None
    user, folder = judge.stdout.readline().split()
    assert len(present(int(user))) == 2 and Path(folder).is_dir()
    judge.kill()
    judge.communicate()
    while present(int(user)) or Path(folder).exists():  # or the test's own time limit ends it
        time.sleep(0.02)


def test_a_claimed_user_is_nobody_elses(tmp_path: Path) -> None:
    claimed = [users.claim(str(tmp_path)) for _ in range(5)]
    assert len({user.uid for user in claimed} | {user.helper for user in claimed}) == 10
    for user in claimed:
        assert users._locked(user._file) is None
        user.end()
        user.end()
        assert not user._file.exists() and not Path(user.scratch).exists()
