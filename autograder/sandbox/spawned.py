"""Workers where the system cannot fork or pass descriptors: Windows and macOS.

Each worker is a fresh interpreter that connects back over the loopback interface and shows a
token that only its standard input told it. Some are started ahead, so that a check rarely
waits for an interpreter or an import. There is no wall: this is for code of one's own.

Importing torch takes longer than a check: an interpreter that has it is used again, cleaned of
the check before, unless that left a thread, a process or an error behind.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field

from autograder.environment import PYTHON
from autograder.model import Walls
from autograder.sandbox import bubblewrap
from autograder.sandbox.endings import Ending, SandboxFault, WorkerEnded
from autograder.sandbox.inside import profiles, seal, wire
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.inside.spawned import CLEAN
from autograder.sandbox.processes import kill_tree, tree_cpu
from autograder.sandbox.protocols import Capability, NotProvided, provided
from autograder.sandbox.users import User
from autograder.sandbox.worker import Worker
from autograder.sandbox.worker_process import LAST_WORDS, remove_scratch

_START_DEADLINE = 120.0
_CLEAN_DEADLINE = 5.0
_KEPT_LOG = 64 * 1024
_WINDOWS_CRASH = 0xC0000000
"""Exit codes from here on are exceptions of Windows, for example an access violation."""

_SELECTABLE = sys.platform != "win32"
_READER_LAG = 0.05  # seconds in which a thread gets to read what is there already


def _readable(pipe: int) -> bool:
    return bool(select.select([pipe], [], [], 0)[0])


def _environment() -> dict[str, str]:
    """The sandbox's environment, and what an interpreter on Windows cannot start without."""
    values = bubblewrap.unwalled_environment()
    if sys.platform == "win32":
        values["PATH"] = os.environ.get("PATH", "")
        values["TEMP"] = values["TMP"] = tempfile.gettempdir()
    return values


class SpawnedProcess:
    """One interpreter: it imports, connects, and serves one check or several, one by one."""

    number, output = 0, -1
    user: User | None = None

    def __init__(self, profile: str) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=8)
        self._token = secrets.token_bytes(16)
        self.printed, self.most_output, self.scratch = bytearray(), _KEPT_LOG, ""
        self.process = subprocess.Popen(
            [*PYTHON, "-m", "autograder.sandbox.inside.spawned"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_environment(),
            cwd=tempfile.gettempdir(),
            start_new_session=True,
        )
        # Pipes cannot be waited for on Windows: a thread keeps the output flowing.
        self._reading = threading.Lock()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.pid = self.process.pid
        settings = {
            "profile": profile,
            "port": self._listener.getsockname()[1],
            "token": self._token.hex(),
        }
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.write(json.dumps(settings).encode() + b"\n")
            self.process.stdin.flush()

    def _read(self) -> None:
        """Keep reading what is printed, until nobody can print any more."""
        assert self.process.stdout is not None
        # Asked for each time: once it is closed, the number may be that of something else.
        pipe = self.process.stdout.fileno
        with contextlib.suppress(OSError, ValueError):
            while True:
                if _SELECTABLE:
                    select.select([pipe()], [], [])
                with self._reading if _SELECTABLE else contextlib.nullcontext():
                    if (not _SELECTABLE or _readable(pipe())) and not self._read_once(pipe()):
                        return

    def _read_once(self, pipe: int) -> bool:
        """Read what is there, or wait for it; False at the end."""
        data = os.read(pipe, 1 << 16)
        self.printed += data[: max(0, self.most_output - len(self.printed))]
        return bool(data)

    def connection(self) -> socket.socket:
        """The connection of this very process; ``SandboxFault`` where none comes."""
        self._listener.settimeout(0.1)
        deadline = time.monotonic() + _START_DEADLINE
        with self._listener:
            while time.monotonic() < deadline:
                try:
                    sock, _ = self._listener.accept()
                except TimeoutError:
                    if self.process.poll() is None:
                        continue
                    break
                sock.settimeout(5)
                if self._knows_the_token(sock):
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    return sock
                sock.close()
        self._stop()
        words = bytes(self.printed[-600:]).decode(errors="replace").strip()
        raise SandboxFault(f"the worker did not start: {words or self.process.returncode}")

    def _knows_the_token(self, sock: socket.socket) -> bool:
        shown = b""
        with contextlib.suppress(OSError):
            while len(shown) < len(self._token):
                part = sock.recv(len(self._token) - len(shown))
                if not part:
                    break
                shown += part
        return hmac.compare_digest(shown, self._token)

    def begin(self) -> None:
        """Get ready for a check: with a scratch folder, and nothing printed yet."""
        self.printed, self.scratch = bytearray(), tempfile.mkdtemp(prefix="kata-")

    def drain(self) -> None:
        """A thread does it all the time."""

    def drain_all(self) -> None:
        """Read all that was printed before the last reply."""
        if not _SELECTABLE:
            time.sleep(_READER_LAG)
            return
        assert self.process.stdout is not None
        with contextlib.suppress(OSError, ValueError), self._reading:
            pipe = self.process.stdout.fileno()
            while _readable(pipe) and self._read_once(pipe):
                continue

    def send_signal(self, number: int) -> None:
        """Send it a signal; ``OSError`` where it has gone."""
        os.kill(self.pid, number)

    def kill(self) -> int:
        """End it with all that it started; the exit code (a signal's number, negative)."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(LAST_WORDS)
        code = self._stop()
        return -signal.SIGSEGV if code >= _WINDOWS_CRASH else code

    def close(self) -> None:
        """The same at once, where nobody asks how it ended."""
        self._stop()

    def _stop(self) -> int:
        self._listener.close()
        kill_tree(self.process.pid)
        code = self.process.wait()
        self._reader.join(2)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        remove_scratch(self.scratch)
        return code


@dataclass
class SpawnedZygote:
    """A source of workers, ``ahead`` of them started before they are asked for."""

    profile: str
    ahead: int = 1
    idle: list[tuple[SpawnedProcess, socket.socket]] = field(default_factory=list, repr=False)
    _waiting: list[SpawnedProcess] = field(default_factory=list, repr=False)

    @property
    def provides(self) -> frozenset[Capability]:
        """What its workers can do."""
        return provided(Walls.NONE)

    def start(self) -> None:
        """Start interpreters until ``ahead`` are on their way."""
        while len(self._waiting) < self.ahead:
            self._waiting.append(SpawnedProcess(self.profile))

    def worker(
        self,
        limits: Limits,
        seed: int = 0,
        affinity: list[int] | None = None,
        beside: Worker | None = None,
    ) -> Worker:
        """A worker in a process of its own; ``SandboxFault`` where it does not start.

        ``beside`` changes nothing: without walls all workers share the machine's network.
        """
        if affinity and Capability.CORES not in self.provides:
            raise NotProvided(Capability.CORES)
        if beside is not None and beside.ended:
            raise SandboxFault("the worker whose network was asked for has ended")
        while self.idle:
            spawned, sock = self.idle.pop()
            if spawned.process.poll() is None:
                return SpawnedWorker(self, spawned, sock, limits, seed, affinity)
            spawned.close()
        spawned = self._waiting.pop(0) if self._waiting else SpawnedProcess(self.profile)
        sock = spawned.connection()
        self.start()
        return SpawnedWorker(self, spawned, sock, limits, seed, affinity)

    def stock(self, limits: Limits, count: int) -> None:
        """Nothing more: another interpreter is on its way whenever one is taken."""

    def close(self) -> None:
        """End the processes that wait for work."""
        while self.idle:
            spawned, sock = self.idle.pop()
            sock.close()
            spawned.close()
        while self._waiting:
            self._waiting.pop().close()

    @property
    def reuses(self) -> bool:
        """Whether an interpreter serves more than one check."""
        return profiles.base(self.profile) == "torch"


class SpawnedWorker(Worker):
    """One fresh interpreter that holds one module for one check."""

    def __init__(
        self,
        owner: SpawnedZygote,
        spawned: SpawnedProcess,
        sock: socket.socket,
        limits: Limits,
        seed: int,
        affinity: list[int] | None,
    ) -> None:
        self._owner, self._spawned = owner, spawned
        spawned.begin()
        super().__init__(spawned, sock, limits, key=seal.new_key())
        self.allowance.cpu_before = tree_cpu(self.pid)
        job = {
            "key": self.key,
            "limits": limits.as_dict(),
            "seed": seed,
            "affinity": affinity,
            "scratch": self.scratch,
            "once": not owner.reuses,
        }
        sock.setblocking(True)
        sock.settimeout(5)
        with contextlib.suppress(OSError):
            sock.sendall(wire.encode(job))
        sock.setblocking(False)

    def close(self) -> None:
        """End the worker, or make it ready for the next check."""
        if self._ended is None and self._owner.reuses and self._cleaned():
            self._ended = WorkerEnded(Ending.CLOSED)
            self._owner.idle.append((self._spawned, self._sock))
            remove_scratch(self.scratch)
            return
        super().close()

    def _cleaned(self) -> bool:
        self.extend(_CLEAN_DEADLINE)
        try:
            return self.call({"op": CLEAN}).get("value") is True
        except (WorkerEnded, SandboxFault):
            return False
