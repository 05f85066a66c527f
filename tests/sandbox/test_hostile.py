"""What a hostile submission becomes; the good one after it and the one beside it still pass."""

from __future__ import annotations

from typing import Any

import pytest

CALL = "def double(x):\n"
REAL = "import ctypes, os, signal, sys, threading, time\n"


def in_call(*lines: str) -> str:
    return REAL + CALL + "".join(f"    {line}\n" for line in lines) + "    return 2 * x\n"


def at_import(*lines: str) -> str:
    return REAL + "".join(f"{line}\n" for line in lines) + CALL + "    return 2 * x\n"


FAILED, RAISED, CRASHED = {"failed"}, {"raised"}, {"crashed"}
TIMED_OUT, MEMORY = {"timed out"}, {"out of memory"}

ATTACKS: dict[str, tuple[str, set[str]]] = {
    "loop": (in_call("while True: pass"), TIMED_OUT),
    "loop at import": (at_import("while True: pass"), TIMED_OUT),
    "sleep": (in_call("time.sleep(1e6)"), TIMED_OUT),
    "loop that ignores signals": (
        in_call(
            "for n in set(signal.valid_signals()) - {9, 19}:",
            "    try: signal.signal(n, signal.SIG_IGN)",
            "    except (OSError, ValueError): pass",
            "signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())",
            "while True: pass",
        ),
        TIMED_OUT,
    ),
    "loop that swallows exceptions": (
        in_call("while True:", "    try: time.sleep(0.01)", "    except BaseException: pass"),
        TIMED_OUT,
    ),
    "a hundred gigabytes": (in_call("bytearray(100 << 30)"), MEMORY),
    "slow growth": (
        in_call("kept = []", "while True:", "    kept.append(bytes(range(256)) * 8000)"),
        MEMORY,
    ),
    "growth in a child": (
        in_call(
            "if os.fork() == 0:",
            "    kept = []",
            "    while True: kept.append(bytearray(b'x' * (1 << 21)))",
            "time.sleep(60)",
        ),
        MEMORY | TIMED_OUT,
    ),
    "growth shared out over children": (
        in_call(
            "for _ in range(8):",
            "    if os.fork() == 0:",
            "        kept = os.urandom(1 << 20) * 30",
            "        time.sleep(60)",
            "time.sleep(60)",
        ),
        MEMORY,
    ),
    "deep recursion": (in_call("f = lambda: f()", "f()"), RAISED),
    "recursion past the stack": (
        in_call("sys.setrecursionlimit(1 << 30)", "f = lambda: [f() for _ in '1']", "f()"),
        CRASHED | MEMORY | RAISED,
    ),
    "null dereference": (in_call("ctypes.string_at(0)"), CRASHED),
    "abort": (in_call("os.abort()"), CRASHED),
    "kill oneself": (in_call("os.kill(os.getpid(), 9)", "os._exit(0)"), CRASHED),
    "_exit at import": (at_import("os._exit(0)"), CRASHED),
    "_exit in a call": (in_call("os._exit(0)"), CRASHED),
    "_exit with the walls' own code": (in_call("os._exit(113)"), CRASHED),
    "exit at import": (at_import("sys.exit(0)"), RAISED),
    "exit in a call": (in_call("sys.exit(0)"), RAISED),
    "interrupt": (in_call("raise KeyboardInterrupt"), RAISED),
    "closed descriptors": (in_call("os.closerange(0, 4096)"), CRASHED),
    "closed wire and on": (in_call("os.close(3)", "time.sleep(60)"), CRASHED | TIMED_OUT),
    "stopped": (in_call("os.kill(os.getpid(), signal.SIGSTOP)", "time.sleep(60)"), TIMED_OUT),
    "stopped from a child": (
        in_call(
            "if os.fork() == 0:",
            "    os.kill(os.getppid(), signal.SIGSTOP)",
            "    os._exit(0)",
            "time.sleep(60)",
        ),
        TIMED_OUT,
    ),
    "fork bomb": (
        in_call("while True:", "    try: os.fork()", "    except OSError: pass"),
        TIMED_OUT | MEMORY,
    ),
    "fork bomb of sleepers": (
        in_call("while True:", "    if os.fork() == 0: time.sleep(60)"),
        RAISED,
    ),
    "thread bomb": (
        in_call("while True: threading.Thread(target=time.sleep, args=(60,)).start()"),
        RAISED,
    ),
    "shared-memory bomb": (
        in_call(
            "from multiprocessing.shared_memory import SharedMemory",
            "kept = []",
            "while True:",
            "    kept.append(SharedMemory(create=True, size=8 << 20))",
            "    kept[-1].buf[:] = b'x' * (8 << 20)",
        ),
        MEMORY | CRASHED | RAISED,
    ),
    "shared mappings": (
        in_call(
            "import mmap",
            "kept = []",
            "while True:",
            "    kept.append(mmap.mmap(-1, 8 << 20))",
            "    kept[-1].write(b'x' * (8 << 20))",
        ),
        MEMORY,
    ),
    "files in /dev/shm kept by no process": (
        in_call(
            "for n in range(10**6):",
            "    with open(f'/dev/shm/{n}', 'wb') as f: f.write(b'x' * (1 << 20))",
        ),
        MEMORY | RAISED,
    ),
    "full scratch space": (
        in_call("with open('big', 'wb') as f:", "    while True: f.write(b'x' * 65536)"),
        RAISED,
    ),
    "many small files": (
        in_call("for n in range(10**6): open(f'f{n}', 'w').close()"),
        RAISED | TIMED_OUT | CRASHED,
    ),
    "many full files": (
        in_call(
            "for n in range(10**6):", "    with open(f'f{n}', 'wb') as f: f.write(b'x' * (1 << 20))"
        ),
        RAISED | CRASHED,  # in a container no file system is full, and the judge ends it
    ),
    "open files without a name": (
        in_call(
            "kept = []",
            "for n in range(400):",
            "    kept.append(open(f'f{n}', 'wb', 0))",
            "    os.unlink(f'f{n}')",
            "    kept[-1].write(b'x' * (1 << 20))",
            "time.sleep(60)",
        ),
        RAISED | CRASHED,
    ),
    "folders within folders": (
        in_call(
            "for _ in range(5000):",
            "    os.mkdir('f' * 200)",
            "    os.chdir('f' * 200)",
            "time.sleep(60)",
        ),
        RAISED | CRASHED | TIMED_OUT,
    ),
    "buffers of sockets": (
        in_call(
            "import socket",
            "kept = []",
            "for _ in range(240):",
            "    kept.append(socket.socketpair())",
            "    for end in kept[-1]:",
            "        end.setblocking(False)",
            "        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 26)",
            "        try:",
            "            while True: end.send(b'x' * 65536)",
            "        except BlockingIOError: pass",
            "time.sleep(60)",
        ),
        MEMORY | TIMED_OUT,  # filling them takes a while
    ),
    "buffers of connections": (
        in_call(
            "import socket",
            "server, kept = socket.create_server(('127.0.0.1', 0)), []",
            "for _ in range(60):",
            "    near = socket.create_connection(server.getsockname())",
            "    kept += [near, server.accept()[0]]",
            "    for end in kept[-2:]:",
            "        end.setblocking(False)",
            "        try:",
            "            for _ in range(400): end.send(b'x' * 65536)",
            "        except BlockingIOError: pass",
            "time.sleep(60)",
        ),
        MEMORY | TIMED_OUT,
    ),
    "work in children that nobody waits for": (
        in_call(
            "signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
            "for _ in range(2):",
            "    if os.fork() == 0:",
            "        while True:",
            "            end = time.process_time() + 0.03",
            "            while time.process_time() < end: pass",
            "            if os.fork(): os._exit(0)",
            "time.sleep(60)",
        ),
        TIMED_OUT,
    ),
    "names of no text": (
        in_call("ctypes.CDLL(None).prctl(15, b'\\xff) R \\xfe(', 0, 0, 0)", "time.sleep(60)"),
        TIMED_OUT,
    ),
    "endless output": (in_call("while True: os.write(1, b'x' * 65536)"), TIMED_OUT),
    "endless output in a thread": (
        in_call(
            "def spam():",
            "    while True: os.write(2, b'x' * 65536)",
            "threading.Thread(target=spam, daemon=True).start()",
            "time.sleep(60)",
        ),
        TIMED_OUT,
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attack(host: Any, name: str) -> None:
    source, verdicts = ATTACKS[name]
    host.attack(source, verdicts)


DAEMON = """
import os, time
def start():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 4096)
            for n in range(1, 65):
                pass
            while True:
                time.sleep(0.05)
        os._exit(0)
"""


def test_a_daemon_ends_with_its_check(host: Any) -> None:
    before = host.processes()
    results = host.grade((0, DAEMON + "start()\ndef double(x):\n    return 2 * x\n", []))
    assert results[0]["verdict"] == "passed"  # a good answer, whatever else it did
    assert host.processes() == before


def test_files_do_not_outlive_a_check(host: Any) -> None:
    planted = "kata-planted-file"
    source = f"""
import os
PLACES = ["/tmp", "/dev/shm", "/var/tmp", ".", "/", "/kata", "/kata/autograder/sandbox", "/run"]
def double(x):
    seen = [p for p in PLACES if os.path.exists(f"{{p}}/{planted}")]
    for place in PLACES:
        try:
            open(f"{{place}}/{planted}", "w").close()
        except OSError:
            pass
    assert not seen, seen
    return 2 * x
"""
    for _ in range(2):
        check = host.one(source)
        assert check["verdict"] == "passed", check
    assert host.files() == []
