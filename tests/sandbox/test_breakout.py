"""What a submission can reach from inside: nothing of the judge, the host or another submission.

Each submission looks for what it should not find and raises an exception that names it; the
message comes back in the public check's feedback. ``nothing`` is the answer hoped for.
"""

from __future__ import annotations

import contextlib
import os
import socket
import uuid
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox import bubblewrap
from autograder.sandbox.inside import seccomp, seccomp_rules

LOOK = """
import ctypes, errno, os, socket, sys
found = []
def double(x):
    look()
    raise LookupError("found " + (" ".join(map(str, found)) or "nothing"))
"""


def look(host: Any, body: str, **values: object) -> str:
    """What the function ``look`` of a submission appended to ``found``."""
    lines = "".join(f"    {line}\n" for line in body.strip("\n").splitlines())
    given = "".join(f"{name} = {value!r}\n" for name, value in values.items())
    message: str = host.one(f"{LOOK}{given}def look():\n{lines}")["message"]
    kind, _, rest = message.partition("LookupError: found ")
    assert kind.endswith("raised: "), message
    return rest.splitlines()[0]


WALK = """
for top, folders, files in os.walk("/", onerror=None):
    if top.startswith(("/proc", "/sys", "/dev")):
        folders[:] = []
    # Libraries bring files of such names; what is masked among them is tried by path below.
    folders[:] = [f for f in folders if f not in ("usr", "site-packages") and f[:7] != "python3"]
    for name in files:
        if name in names:
            found.append(os.path.join(top, name))
"""


def test_graders_solutions_and_results_are_not_there(host: Any) -> None:
    names = ["test_double.py", "outline.toml", "judge.py", "sides.py", "grades.csv"]
    names += ["results.jsonl", "shadow", "conftest.py", "driver.py"]
    assert look(host, WALK, names=names) == "nothing"


def test_secrets_beside_the_interpreter_are_masked(host: Any) -> None:
    package = Path(__file__).resolve().parents[2]
    paths = [str(package / p) for p in ("autograder", "solutions", "tests", "course", ".git")]
    assert look(host, "found.extend(filter(os.path.exists, paths))", paths=paths) == (
        " ".join(paths) if host.container else "nothing"  # that they are there, and no more
    )
    paths += [str(p) for p in (package, package / "README.md", package / "autograder/model.py")]
    body = """
for path in paths:
    try:
        if not os.path.isdir(path):
            open(path)
        elif os.listdir(path) == [".venv"]:  # the way to the interpreter, and no more
            continue
    except OSError:
        continue
    found.append(path)
"""
    assert look(host, body, paths=paths) == "nothing"


def test_nothing_of_the_engine_is_loaded(host: Any) -> None:
    body = """
for name in sys.modules:
    first, _, rest = name.partition(".")
    if first == "autograder" and rest and (rest.split(".")[0] != "sandbox" or "client" in rest):
        found.append(name)
"""
    assert look(host, body) == "nothing"


def test_the_environment_says_nothing(host: Any) -> None:
    allowed = {*bubblewrap.environment(), "PYTHONPATH", "PWD", "SHLVL", "LC_CTYPE"}
    body = "found.extend(set(os.environ) - allowed)"
    assert look(host, body, allowed=allowed) == "nothing"


def test_the_system_files_that_libraries_read_are_there(host: Any) -> None:
    """A folder that only root may enter hides the loader's cache, and with it NumPy's BLAS."""
    names = ("ld.so.cache", "ld.so.conf", "alternatives")
    paths = [f"/etc/{name}" for name in names if Path("/etc", name).exists()]
    body = "found.extend(p for p in paths if not os.access(p, os.R_OK))"
    assert look(host, body, paths=paths) == "nothing"


PROC = """
for pid in filter(str.isdigit, os.listdir("/proc")):
    for name in ("environ", "mem", "maps", "fd", "cwd", "root", "exe", "ns/pid", "auxv", "stack"):
        path = f"/proc/{pid}/{name}"
        own = os.readlink("/proc/self") == pid
        if own or os.path.exists(f"/proc/self/task/{pid}"):
            continue
        try:
            if name == "fd":  # how many there are can be seen, what they are cannot
                seen = [os.readlink(f"{path}/{n}") for n in os.listdir(path)]
            elif name in ("cwd", "root", "exe", "ns/pid"):
                seen = os.readlink(path)
            else:
                seen = open(path, "rb").read(64)
        except OSError:
            continue
        if seen:
            found.append(path)
"""


def test_other_processes_cannot_be_read(host: Any) -> None:
    assert look(host, PROC) == "nothing"


PROC_WRITE = """
for pid in (*filter(str.isdigit, os.listdir("/proc")), "self"):
    for name in ("oom_score_adj", "clear_refs", "comm", "coredump_filter", "timerslack_ns"):
        try:
            with open(f"/proc/{pid}/{name}", "r+" if name == "oom_score_adj" else "w") as file:
                file.write("5")
        except OSError:
            continue
        found.append(f"{pid}/{name}")
"""


def test_nothing_in_proc_can_be_written(host: Any) -> None:
    """``clear_refs`` would forge the memory measurements; ``oom_score_adj`` aims the kernel."""
    assert look(host, PROC_WRITE) == "nothing"


WRITABLE = """
seen = set()
for line in open("/proc/self/mountinfo"):
    place = line.split()[4]
    if place in ("/tmp", "/dev/shm"):
        continue
    try:
        open(os.path.join(place, "kata-planted"), "w").close()
    except OSError:
        continue
    found.append(place)
"""


def test_no_mount_but_the_scratch_can_be_written(host: Any) -> None:
    assert look(host, WRITABLE) == "nothing"


def test_the_interpreter_cannot_be_changed(host: Any) -> None:
    body = """
for path in {sys.executable, os.path.realpath(sys.executable), os.__file__, sys.prefix}:
    for change in (os.unlink, lambda p: os.rename(p, p + "x"), lambda p: os.chmod(p, 0)):
        try:
            change(path)
        except OSError:
            continue
        found.append(path)
"""
    assert look(host, body) == "nothing"


CALLS = {
    "ptrace": (101, (16, 1, 0, 0)),
    "process_vm_readv": (310, (1, 0, 0, 0, 0, 0)),
    "unshare a user namespace": (272, (0x10000000,)),
    "clone a user namespace": (56, (0x10000011, 0, 0, 0, 0)),
    "clone3": (435, (0, 0)),
    "setns": (308, (0, 0)),
    "mount": (165, (0, 0, 0, 0, 0)),
    "move_mount": (429, (0, 0, 0, 0, 0)),
    "pivot_root": (155, (0, 0)),
    "chroot": (161, (0,)),
    "keyctl": (250, (0, -3, 0)),
    "add_key": (248, (0, 0, 0, 0, 0)),
    "io_uring_setup": (425, (8, 0)),
    "memfd_create": (319, (0, 0)),
    "shmget": (29, (0, 4096, 0o1777)),
    "semget": (64, (0, 1, 0o1777)),
    "msgget": (68, (0, 0o1777)),
    "mq_open": (240, (0, 0, 0, 0)),
    "bpf": (321, (0, 0, 0)),
    "perf_event_open": (298, (0, 0, -1, -1, 0)),
    "userfaultfd": (323, (0,)),
    "open_by_handle_at": (304, (0, 0, 0)),
    "pidfd_getfd": (438, (0, 0, 0)),
    "personality": (135, (0x0040000,)),
}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="system call numbers of x86-64")
def test_refused_system_calls(host: Any) -> None:
    body = """
libc = ctypes.CDLL(None, use_errno=True)
for name, (number, arguments) in calls.items():
    ctypes.set_errno(0)
    result = libc.syscall(number, *map(ctypes.c_long, arguments))
    if result == 0 and name.startswith("clone a"):
        os._exit(0)
    if result != -1 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
        found.append(f"{name}:{result}:{ctypes.get_errno()}")
"""
    assert look(host, body, calls=CALLS) == "nothing"


def test_every_refused_system_call_is_refused(host: Any) -> None:
    """EPERM for those that the filter names, ENOSYS for what it does not know."""
    body = """
libc = ctypes.CDLL(None, use_errno=True)
for number, expected in [*((n, errno.EPERM) for n in refused), *((n, errno.ENOSYS) for n in new)]:
    ctypes.set_errno(0)
    result = libc.syscall(number, *[ctypes.c_long(0)] * 6)
    if result != -1 or ctypes.get_errno() != expected:
        found.append(f"{number}:{result}:{ctypes.get_errno()}")
"""
    here = seccomp.HERE
    assert here is not None
    refused = sorted(here.numbers(seccomp_rules.REFUSED).values())
    (first, last), newest = here.gap(), here.number(seccomp_rules.NEWEST)
    # The first two of the gap are the kernel's own on x86-64, which sends SIGILL before any filter.
    new = [first + 2, last, *range(newest + 1, newest + 40), 1000, 100_000]
    assert look(host, body, refused=refused, new=new) == "nothing"


def test_nobody_steps_back_to_wait(host: Any) -> None:
    """Waiting for a core is taken for the machine's fault, so that it must not be chosen."""
    body = """
param = os.sched_param(0)
changes = {
    "nice": lambda: os.nice(1),
    "setpriority": lambda: os.setpriority(os.PRIO_PROCESS, 0, 5),
    "idle": lambda: os.sched_setscheduler(0, os.SCHED_IDLE, param),
    "batch": lambda: os.sched_setscheduler(0, os.SCHED_BATCH, param),
    "param": lambda: os.sched_setparam(0, param),
}
for name, change in changes.items():
    try:
        change()
        found.append(name)
    except PermissionError:
        pass
os.sched_setaffinity(0, os.sched_getaffinity(0))  # that is a right answer's
"""
    assert look(host, body) == "nothing"


def test_doors_that_depend_on_an_argument(host: Any) -> None:
    body = """
libc = ctypes.CDLL(None, use_errno=True)
def refused(name, *arguments):
    ctypes.set_errno(0)
    if getattr(libc, name)(*arguments) != -1 or ctypes.get_errno() != errno.EPERM:
        found.append((name, *arguments, ctypes.get_errno()))
for option in (4, 22, 35, 36, 62):  # dumpable, seccomp, memory map, daemons, core scheduling
    refused("prctl", option, 0, 0, 0, 0)
for command in (0x5412, 0x541C):  # TIOCSTI, TIOCLINUX
    refused("ioctl", 0, command, 0)
refused("socketpair", 30, 1, 0, 0)  # AF_TIPC
for family, kind, protocol in ((16, 3, 2), (16, 3, 16), (2, 1, 262), (2, 1, 132)):
    refused("socket", family, kind, protocol)  # netlink between users, generic; MPTCP, SCTP
for family, kind, protocol in ((16, 3, 0), (2, 1, 6), (2, 2, 17), (10, 1, 0), (1, 1, 0)):
    socket.socket(family, kind, protocol).close()
"""
    assert look(host, body) == "nothing"


def test_socket_families_outside_namespaces_are_refused(host: Any) -> None:
    body = """
for family in (socket.AF_VSOCK, socket.AF_ALG, socket.AF_PACKET, 31, 38, 40, 44):
    try:
        socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        continue
    found.append(family)
"""
    assert look(host, body) == "nothing"


def test_no_capability_and_no_user_but_one(host: Any) -> None:
    body = """
for line in open("/proc/self/status"):
    if line.startswith("Cap") and int(line.split()[1], 16):
        found.append(line.strip())
for user in {os.getuid(), os.geteuid(), os.getgid(), os.getegid()}:
    if user not in users:
        found.append(user)
found.extend(group for group in os.getgroups() if group != os.getgid() and not behind_namespaces)
try:
    os.setuid(0)
    found.append("root")
except OSError:
    pass
"""
    mine = (range(1000, 1001), range(1_900_000_000, 2_100_000_000))[host.container]
    given = {"users": mine, "behind_namespaces": not host.container}
    assert look(host, body, **given) == "nothing"


def test_no_way_out_to_the_network(host: Any) -> None:
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        name = f"\0kata-{uuid.uuid4().hex}"
        abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        abstract.bind(name)
        abstract.listen()
        body = """
for address in (("127.0.0.1", port), ("1.1.1.1", 53), ("169.254.169.254", 80)):
    with socket.socket() as tried:
        tried.settimeout(0.2)
        try:
            tried.connect(address)
            found.append(address)
        except OSError:
            pass
with socket.socket(socket.AF_UNIX) as tried:
    try:
        tried.connect(name)
        found.append("abstract")
    except OSError:
        pass
try:
    socket.getaddrinfo("example.com", 80)
    found.append("names")
except OSError:
    pass
found.extend(n for _, n in socket.if_nameindex() if n != "lo")
"""
        assert look(host, body, port=listener.getsockname()[1], name=name) == "nothing"


def test_signals_reach_nobody_else(host: Any) -> None:
    """Every process that can be seen or guessed is signalled; the good ones are graded still."""
    body = """
import signal
worker = os.getpid()  # PID 1 of its namespace, if it has one, and then nobody there can kill it
if os.fork() == 0:
    for pid in (1, *everybody, *range(2, 400)):
        if abs(pid) != os.getpid() and pid != worker:
            try:
                os.kill(pid, signal.SIGSTOP)
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
    os._exit(0)
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        os.readlink(f"/proc/{pid}/ns/pid")
        continue  # this process itself, and what it started
    except OSError:
        pass
    try:
        handle = os.open(f"/proc/{pid}", os.O_DIRECTORY)
        signal.pidfd_send_signal(handle, signal.SIGKILL)
        found.append(pid)
    except (OSError, AttributeError):
        pass
"""
    before = host.processes()
    everybody = () if host.container else (-1,)
    assert look(host, body, everybody=everybody) == "nothing"
    assert host.processes() == before


def test_a_signal_to_everybody_ends_the_sender_alone(host: Any) -> None:
    before = host.processes()
    attack = "import os, time\ndef double(x):\n    os.kill(-1, 9)\n    time.sleep(60)\n"
    host.attack(attack, {"crashed", "timed out", "raised"})
    assert host.processes() == before


def test_another_submission_leaves_nothing_to_be_found(host: Any) -> None:
    marker = f"kata{uuid.uuid4().hex}"
    first = f"SECRET = '{marker}'\nprint(SECRET)\ndef double(x):\n    return 2 * x\n"
    assert host.grade((0, first, []))[0]["verdict"] == "passed"
    body = """
import gc, re
half = marker_half[::-1]
# The whole of it never lies in this process: what was freed can still be read.
whole = re.compile(b"kat[a]" + half.encode())
def holds(thing):
    try:
        return half in repr(thing)
    except Exception:
        return False
for thing in gc.get_objects():
    if type(thing) in (str, bytes, dict) and thing is not globals() and holds(thing):
        found.append(type(thing).__name__)
for line in open("/proc/self/maps"):
    if "[heap]" in line or line.rstrip().endswith(" 0"):
        start, _, end = line.split()[0].partition("-")
        if " rw" in line:
            with open("/proc/self/mem", "rb", 0) as memory:
                memory.seek(int(start, 16))
                try:
                    data = memory.read(int(end, 16) - int(start, 16)) or b""
                except OSError:
                    continue
            if whole.search(data):
                found.append(line.split()[0])
"""
    said = look(host, body, marker_half=marker.removeprefix("kata")[::-1])
    assert said == "nothing"
