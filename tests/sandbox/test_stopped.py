"""Nothing of a submission runs while nothing is asked of it, however it tries.

By a control group where one can be made, and by signals, which serve everywhere.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.judging import observations
from autograder.model import Walls
from autograder.sandbox import cgroups, tiers
from autograder.sandbox.cgroups import Delegated, cleanup, delegation
from autograder.sandbox.endings import Ending, WorkerEnded
from autograder.sandbox.inside.limits import Limits, MiB
from autograder.sandbox.processes import stopping
from autograder.sandbox.processes.procfs import process_cpu, stat, tree
from autograder.sandbox.worker import Worker
from autograder.sandbox.zygote import Zygote


@pytest.fixture(scope="module", params=["cgroup", "signals", "container"])
def zygote(request: pytest.FixtureRequest) -> Iterator[Zygote]:
    patch = pytest.MonkeyPatch()
    walls = Walls.CONTAINER if request.param == "container" else Walls.NAMESPACES
    if problem := tiers.problem(walls):
        pytest.skip(problem.reason)
    if request.param != "cgroup":
        patch.setattr(delegation, "find", Delegated)
    elif delegation.find().unified is None:
        pytest.skip("no control group of version 2 can be made here")
    made = Zygote("plain", walls=walls)
    try:
        yield made
    finally:
        made.close()
        patch.undo()


@pytest.fixture
def worker(zygote: Zygote) -> Iterator[Worker]:
    made = zygote.worker(Limits(wall=30, cpu=20))
    yield made
    made.close()


def load(worker: Worker, source: str) -> None:
    reply = worker.load({"name": "answer", "source": source.encode(), "files": {}})
    assert "raised" not in reply, reply


def call(worker: Worker) -> Any:
    """What ``go`` of the module returns."""

    def run(module: Any) -> Any:
        return module.go()

    worker.extend(worker.limits.wall)
    request = {"function": observations.pack(run), "helpers": [], "arguments": {}}
    reply = worker.call({"op": "observe", **request})
    assert "value" in reply, reply
    return reply["value"]


def settled(worker: Worker) -> bool:
    """Whether every process has stopped; waited for."""
    for _ in range(2000):
        if worker.bounds.group is not None:
            folder = worker.bounds.group._folders[delegation.find().unified]  # type: ignore[index]
            if "frozen 1" in (folder / "cgroup.events").read_text():
                return True
        elif all(stat(pid)[0] in "TtZ" for pid in tree(worker.pid)):
            return True
        time.sleep(0.005)
    return False


def runs(worker: Worker) -> float:
    """CPU seconds that the tree takes in a while."""
    before = sum(map(process_cpu, tree(worker.pid)))
    time.sleep(0.1)
    return sum(map(process_cpu, tree(worker.pid))) - before


SPINNING = {
    "a thread": """
import threading
def spin():
    global count
    while True: count += 1
threading.Thread(target=spin, daemon=True).start()
""",
    "a child": """
import os
if os.fork() == 0:
    while True: count += 1
""",
    "a grandchild in a session of its own": """
import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True: count += 1
    os._exit(0)
os.wait()
""",
    "a timer": """
import signal
def tick(number, frame):
    global count
    for _ in range(10000): count += 1
signal.signal(signal.SIGALRM, tick)
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
""",
    "a child that wakes its parent": """
import os, signal, threading
parent = os.getpid()
for _ in range(4):
    if os.fork() == 0:
        while True:
            try: os.kill(parent, signal.SIGCONT); os.kill(-1, signal.SIGCONT)
            except OSError: pass
""",
    "children of children without end": """
import os, signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
if os.fork() == 0:
    while True:
        for _ in range(20000): pass
        if os.fork(): os._exit(0)
""",
    "children that take turns to stop and wake each other": """
import os, signal
def turns(other):
    while True:
        os.kill(other, signal.SIGSTOP)
        os.kill(other, signal.SIGCONT)
first = os.fork()
if first == 0:
    while True: count += 1
if os.fork() == 0:
    turns(first)
""",
}


@pytest.mark.parametrize("kind", SPINNING)
@pytest.mark.parametrize("when", ["import", "call"])
def test_it_stops(worker: Worker, kind: str, when: str) -> None:
    """After a reply, be it the one to loading, and until the next request."""
    body = SPINNING[kind]
    if when == "call":
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        source = f"count = 0\ndone = []\ndef start():\n    global count\n{lines}"
        source += "def go():\n    done or start()\n    done.append(1)\n    return count\n"
    else:
        source = f"count = 0\n{body}\ndef go():\n    return count\n"
    load(worker, source)
    if when == "call":
        call(worker)
    assert settled(worker)
    assert runs(worker) == 0
    assert isinstance(call(worker), int)  # it goes on as if nothing had been
    assert settled(worker)


def test_it_runs_while_it_is_asked(worker: Worker) -> None:
    """A thread that was stopped goes on with the next request."""
    load(
        worker,
        "import threading, time\nseen = threading.Event()\ndef spin():\n    while True:\n"
        "        seen.set()\nthreading.Thread(target=spin, daemon=True).start()\n"
        "def go():\n    seen.clear()\n    return seen.wait(20)\n",
    )
    assert call(worker) is True
    assert settled(worker)
    assert call(worker) is True


def test_a_large_request_gets_through(worker: Worker) -> None:
    """It does not fit into the wire's buffer: whoever is stopped would never take it."""
    load(worker, "def go(): return 1\n")
    assert settled(worker)

    def length(module: Any, text: str) -> int:
        return len(text)

    request = {"function": observations.pack(length), "helpers": []}
    reply = worker.call({"op": "observe", **request, "arguments": {"text": "x" * 900_000}})
    assert reply["value"] == 900_000


def test_waiting_calls_see_nothing_of_it(worker: Worker) -> None:
    """What a thread was waiting for when it was stopped, it waits for afterwards."""
    load(
        worker,
        "import queue, select, socket, threading, time\n"
        "jobs, seen = queue.Queue(), queue.Queue()\n"
        "near, far = socket.socketpair()\n"
        "def poll():\n"
        "    ready = select.epoll()\n"
        "    ready.register(near, select.EPOLLIN)\n"
        "    seen.put(ready.poll(20)[0][0] == near.fileno() and near.recv(1))\n"
        "def wait(): seen.put(jobs.get(timeout=20))\n"
        "def sleep():\n    time.sleep(0.05)\n    seen.put('slept')\n"
        "for target in (poll, wait, sleep): threading.Thread(target=target, daemon=True).start()\n"
        "def go():\n"
        "    far.send(b'x')\n    jobs.put('job')\n"
        "    return sorted(map(str, (seen.get(timeout=20) for _ in range(3))))\n",
    )
    assert settled(worker)
    assert call(worker) == ["b'x'", "job", "slept"]


def test_a_neighbour_runs_while_its_companion_is_asked(zygote: Zygote) -> None:
    """A server in a thread answers whoever shares its network, though nobody asks it."""
    server = zygote.worker(Limits(wall=30, cpu=20))
    load(
        server,
        "import socket, threading\nserver = socket.create_server(('127.0.0.1', 0))\n"
        "def serve():\n    while True:\n        client, _ = server.accept()\n"
        "        client.sendall(b'hello')\n        client.close()\n"
        "threading.Thread(target=serve, daemon=True).start()\n"
        "def go(): return server.getsockname()[1]\n",
    )
    port = call(server)
    companion = zygote.worker(Limits(wall=30, cpu=20), beside=server)
    companion.neighbours.append(server)
    load(
        companion,
        "import socket\ndef go():\n"
        f"    with socket.create_connection(('127.0.0.1', {port}), 20) as s: return s.recv(9)\n",
    )
    assert settled(server)
    assert call(companion) == b"hello"
    assert settled(server) and settled(companion)
    companion.close()
    server.close()


def test_a_neighbour_that_was_asked_goes_on(zygote: Zygote) -> None:
    """The companion's reply does not stop a server that still owes its own."""
    server = zygote.worker(Limits(wall=30, cpu=20))
    load(
        server,
        "import socket\nserver = socket.create_server(('127.0.0.1', 8642))\n"
        "def go():\n    got = []\n    while len(got) < 2:\n        client, _ = server.accept()\n"
        "        got.append(client.recv(9))\n        client.close()\n    return got\n",
    )

    def run(module: Any) -> Any:
        return module.go()

    request = {"function": observations.pack(run), "helpers": [], "arguments": {}}
    server.ask({"op": "observe", **request})
    companion = zygote.worker(Limits(wall=30, cpu=20), beside=server)
    companion.neighbours.append(server)
    load(
        companion,
        "import socket\ndef go():\n"
        "    with socket.create_connection(('127.0.0.1', 8642), 20) as s: s.sendall(b'x')\n",
    )
    call(companion)
    call(companion)
    assert server.receive()["value"] == [b"x", b"x"]
    companion.close()
    server.close()


def test_a_stopped_tree_is_killed(zygote: Zygote) -> None:
    made = zygote.worker(Limits(wall=30, cpu=20))
    load(made, SPINNING["a child"].replace("count += 1", "pass") + "def go(): return 1\n")
    assert settled(made)
    pids = tree(made.pid)
    assert len(pids) == 2
    made.close()
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_a_name_of_any_bytes(zygote: Zygote) -> None:
    """What a process calls itself stands in the very files that it is watched through."""
    made = zygote.worker(Limits(wall=600, cpu=1))
    load(
        made,
        "import ctypes, os\ndef go():\n"
        "    ctypes.CDLL(None).prctl(15, b'\\xff) R 1 \\xfe\\n(', 0, 0, 0)\n"
        "    if os.fork() == 0:\n        while True: pass\n    while True: pass\n",
    )
    with pytest.raises(WorkerEnded) as ended:
        call(made)
    assert ended.value == WorkerEnded(Ending.OUT_OF_CPU_TIME, "1 s of CPU time")
    made.close()


CHAINS = """
import os, signal, time
def go():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in range(2):
        if os.fork() == 0:
            while True:
                end = time.process_time() + 0.05
                while time.process_time() < end: pass
                if os.fork(): os._exit(0)
    time.sleep(1000)
"""


def test_children_that_nobody_waits_for_are_counted(zygote: Zygote) -> None:
    made = zygote.worker(Limits(wall=600, cpu=1))
    load(made, CHAINS)
    with pytest.raises(WorkerEnded) as ended:
        call(made)
    assert ended.value == WorkerEnded(Ending.OUT_OF_CPU_TIME, "1 s of CPU time")
    made.close()


MEMORY = {
    "several children": """
for _ in range(4):
    if os.fork() == 0:
        kept = bytearray(b'x' * (40 << 20))
        time.sleep(600)
time.sleep(600)
""",
    "files in memory": """
namespaces = os.getuid() == 1000  # in a container /tmp may lie on a disk
for path in ("/tmp/big" if namespaces else "/dev/shm/large", "/dev/shm/big"):
    with open(path, "wb") as file:
        for _ in range(60): file.write(b"x" * (1 << 20))
time.sleep(600)
""",
    "sockets": """
kept = []
for _ in range(240):
    pair = socket.socketpair()
    kept.append(pair)
    for end in pair:
        end.setblocking(False)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 26)
        try:
            while True: end.send(b"x" * (1 << 16))
        except BlockingIOError: pass
time.sleep(600)
""",
}


@pytest.mark.parametrize("kind", MEMORY)
def test_memory_of_the_whole_tree(zygote: Zygote, kind: str) -> None:
    made = zygote.worker(Limits(wall=600, cpu=60, memory=96 * MiB))
    lines = "".join(f"    {line}\n" for line in MEMORY[kind].splitlines())
    load(made, f"import os, socket, time\ndef go():\n{lines}")
    with pytest.raises(WorkerEnded) as ended:
        call(made)
    assert ended.value == WorkerEnded(Ending.OUT_OF_MEMORY, "96 MiB")
    made.close()


def test_a_child_that_the_kernel_ends_is_told(zygote: Zygote) -> None:
    """Its parent lives on and answers: the limit was passed all the same."""
    made = zygote.worker(Limits(wall=600, cpu=60, memory=64 * MiB, scratch=400 * MiB))
    if made.bounds.group is None or not made.bounds.group.bounds_memory:
        made.close()
        pytest.skip("no control group bounds memory here")
    load(
        made,
        "import os\ndef go():\n    if os.fork() == 0:\n"
        "        with open('/tmp/big', 'wb') as file:\n"
        "            while True: file.write(b'x' * (1 << 20))\n    os.wait()\n    return 1\n",
    )
    with pytest.raises(WorkerEnded) as ended:
        call(made)
    assert ended.value.ending is Ending.OUT_OF_MEMORY
    made.close()


JUDGE = """
import sys
from autograder.sandbox.cgroups import Delegated, delegation
from autograder.sandbox.zygote import Zygote
from autograder.sandbox.inside.limits import Limits
if sys.argv[1] == "signals":
    delegation.find = Delegated
worker = Zygote("plain").worker(Limits())
worker.load({"name": "a", "source": b"import os\\nif os.fork() == 0:\\n  while 1: 0", "files": {}})
print(worker.pid, flush=True)
input()
"""


@pytest.mark.usefixtures("walls")
@pytest.mark.parametrize("kind", ["cgroup", "signals"])
def test_a_judge_that_is_killed_leaves_nothing(kind: str) -> None:
    """Neither stopped processes nor control groups, once another judge has started."""
    process = subprocess.Popen(
        [sys.executable, "-c", JUDGE, kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdin is not None
    pids = tree(int(process.stdout.readline()))
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdin.close()
    process.stdout.close()
    for _ in range(2000):
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            break
        time.sleep(0.005)
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    cgroups.sweep()
    name = f"kata-{cleanup._namespace()}-{process.pid}-*"
    assert not [folder for place in delegation.find().all() for folder in place.glob(name)]


@pytest.mark.usefixtures("walls")
def test_no_group_outlives_its_worker() -> None:
    zygote = Zygote("plain")
    made = zygote.worker(Limits())
    load(made, "def go(): return 1\n")
    group = made.bounds.group
    folders = list(group._folders.values()) if group is not None else []
    assert all(folder.is_dir() for folder in folders)
    made.close()
    zygote.close()
    cgroups.remove_left()
    assert not any(folder.exists() for folder in folders)


def test_a_tree_that_has_gone_is_stopped() -> None:
    done = subprocess.Popen([sys.executable, "-c", "pass"])
    done.wait()
    assert stopping.stop(done.pid) == [done.pid]
    stopping.go_on([done.pid])
    assert os.getpid()
