"""The judge's side of the sandbox: a :class:`Zygote` is one wall with a warm interpreter in it.

:meth:`Zygote.worker` forks a :class:`~autograder.sandbox.worker.Worker`, which holds one
submission's module for one check.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import tempfile
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.model import Walls
from autograder.sandbox import bubblewrap, users
from autograder.sandbox.endings import SandboxFault
from autograder.sandbox.inside import seal
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.protocols import Capability, NotProvided, provided
from autograder.sandbox.users import User
from autograder.sandbox.walls import Kind, OwnWall, Roots, SharedWall, Wall, ended
from autograder.sandbox.worker import Worker
from autograder.sandbox.worker_process import ForkedProcess, remove_scratch

_START_DEADLINE = 120.0  # seconds for a zygote to import torch on a busy machine
_FORK_DEADLINE = 30.0


@dataclass(frozen=True, slots=True)
class _Asked:
    """A fork whose answer has not been read yet."""

    number: int
    limits: Limits
    sock: socket.socket
    output: int
    scratch: str
    key: bytes
    user: User | None = None

    def drop(self) -> None:
        """Give its parts back; a worker that is there all the same sees that nobody talks."""
        self.sock.close()
        os.close(self.output)
        if self.user is not None:
            self.user.end()
        remove_scratch(self.scratch)


@dataclass
class Zygote:
    """One warm process behind one wall, or without: a source of forked workers."""

    profile: str
    secrets: tuple[Path, ...] = ()
    walls: Walls = Walls.NAMESPACES
    gpu: bool = False
    slot: int | None = None
    trusted: bool = False
    ahead: bool = False
    """Fork the next worker while the present one works. Only without walls."""
    roots: Roots | None = None
    """Where to fork the zygote from, for walls; without, a wall is built for it alone."""
    _wall: Wall | None = field(default=None, repr=False)
    _next: int = 0
    _folder: str = ""
    _asked: deque[_Asked] = field(default_factory=deque, repr=False)
    _spares: deque[Worker] = field(default_factory=deque, repr=False)
    dying: list[tuple[int, int, str]] = field(default_factory=list)  # number, pidfd, scratch

    @property
    def provides(self) -> frozenset[Capability]:
        """What its workers can do."""
        return provided(self.walls)

    def start(self) -> None:
        """Get a wall with a warm interpreter in it; returns once that is ready to fork."""
        if self._wall is not None and (self._asked or not ended(self._wall.control)):
            return
        self.close()
        kind, uid = Kind(self.profile, self.gpu), 0
        if self.walls is Walls.NAMESPACES:
            uid = bubblewrap.user(self.slot, self.trusted)
        if self.roots is not None and self.walls:
            self._wall = SharedWall(self.roots, kind, uid)
        else:
            self._wall = OwnWall(kind, self.secrets, self.walls, uid)
        ready, _ = self._reply(_START_DEADLINE)
        if ready.get("threads", 1) != 1:
            self.close()
            raise SandboxFault(f"the zygote runs {ready['threads']} threads; forks would hang")

    def _reply(self, seconds: float) -> tuple[dict[str, Any], list[int]]:
        assert self._wall is not None
        self._wall.control.settimeout(seconds)
        try:
            data, descriptors, _, _ = socket.recv_fds(self._wall.control, 1 << 16, 4)
        except (TimeoutError, ConnectionError):
            data, descriptors = b"", []
        if not data:
            raise SandboxFault(f"the sandbox did not start: {self._wall.complaint()}")
        reply = json.loads(data)
        assert isinstance(reply, dict)
        return reply, list(descriptors)

    def worker(
        self,
        limits: Limits,
        seed: int = 0,
        affinity: list[int] | None = None,
        beside: Worker | None = None,
    ) -> Worker:
        """Fork a worker; ``SandboxFault`` where that fails twice.

        ``beside`` is a living worker of this zygote whose loopback network it shares. Without
        walls all of them share the machine's.
        """
        if affinity and Capability.CORES not in self.provides:
            raise NotProvided(Capability.CORES)
        if beside is not None and beside.ended:
            raise SandboxFault("the worker whose network was asked for has ended")
        try:
            self.start()
            return self._fork(limits, seed, affinity, beside)
        except (SandboxFault, OSError):
            if beside is not None:
                raise
            # A zygote that was killed from outside is replaced once.
            self.close()
            self.start()
            return self._fork(limits, seed, affinity, None)

    def stock(self, limits: Limits, count: int) -> None:
        """Fork ``count`` workers for later, if they are forked ``ahead`` at all. While checks run
        this would only be in their way."""
        if not self.ahead or self.walls or self._wall is None:
            return
        with contextlib.suppress(SandboxFault, OSError):  # told when a worker is needed
            while len(self._spares) + len(self._asked) < count:
                self._ask(limits)

    def _fork(
        self, limits: Limits, seed: int, affinity: list[int] | None, beside: Worker | None
    ) -> Worker:
        if self.ahead and not self.walls:
            if not self._spares and not self._asked:
                self._ask(limits)
            worker = self._spares.popleft() if self._spares else self._answer()
            if not self._spares and not self._asked:
                self._ask(limits)  # on its way while the caller works with this one
            worker.settle(limits, seed, affinity)
            return worker
        self._ask(limits, seed, affinity, beside)
        worker = self._answer()
        self._reap()
        return worker

    def _ask(
        self,
        limits: Limits,
        seed: int | None = None,
        affinity: list[int] | None = None,
        beside: Worker | None = None,
    ) -> None:
        """Ask for a fork; without a seed for one that is settled later."""
        assert self._wall is not None
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        output_read, output_write = os.pipe2(os.O_CLOEXEC)
        self._next += 1
        request = {
            "fork": self._next,
            "limits": limits.as_dict(),
            "seed": seed,
            "affinity": affinity,
            "beside": beside.process.number if beside is not None else None,
            "reap": self._dead() if seed is None else (),
        }
        scratch, user = "", None
        if self.walls.container:
            user = users.claim(self._scratch_folder())
            scratch = user.scratch
            request |= {"user": user.uid, "helper": user.helper}
        elif not self.walls:
            scratch = tempfile.mkdtemp(prefix="kata-")
        if scratch:
            request["scratch"] = scratch
        key = seal.new_key()
        asked = _Asked(self._next, limits, ours, output_read, scratch, key, user)
        try:
            ours.sendall(key)
            self._wall.control.settimeout(_FORK_DEADLINE)
            line = json.dumps(request).encode()
            socket.send_fds(self._wall.control, [line], [theirs.fileno(), output_write])
        except BaseException:
            asked.drop()
            raise
        finally:
            theirs.close()
            os.close(output_write)
        self._asked.append(asked)

    def _scratch_folder(self) -> str:
        """Where scratch folders of workers with users of their own are; others may pass through."""
        if not self._folder:
            self._folder = tempfile.mkdtemp(prefix="kata-")
            Path(self._folder).chmod(0o711)
        return self._folder

    def _answer(self) -> Worker:
        """The worker that was asked for first."""
        asked = self._asked.popleft()
        try:
            reply, descriptors = self._reply(_FORK_DEADLINE)
        except BaseException:
            asked.drop()
            raise
        handle = descriptors[0] if descriptors else -1
        pid = int(reply["pid"])
        process = ForkedProcess(self, asked.number, pid, handle, asked.output, asked.scratch)
        process.user = asked.user
        return Worker(process, asked.sock, asked.limits, key=asked.key, walled=bool(self.walls))

    def _reap(self, *, wait: bool = False) -> None:
        """Account for workers without walls that were left to die; ``wait`` for the last one."""
        for number in self._dead(wait=wait):
            self.wait(number)

    def _dead(self, *, wait: bool = False) -> list[int]:
        """Numbers of those that are dead by now, no longer on the list; their folders are gone."""
        dead = []
        for entry in self.dying[:]:
            number, pidfd, scratch = entry
            if not wait and not select.select([pidfd], [], [], 0)[0]:
                continue
            self.dying.remove(entry)
            os.close(pidfd)
            remove_scratch(scratch)
            dead.append(number)
        return dead

    def wait(self, number: int) -> int:
        """The exit code (a signal's number, negative) of a worker that was killed or ended."""
        if self._wall is None:
            return 0
        while self._asked:
            # Answers come in the order of the questions.
            self._spares.append(self._answer())
        self._wall.control.settimeout(_FORK_DEADLINE)
        self._wall.control.sendall(json.dumps({"wait": number}).encode())
        reply, _ = self._reply(_FORK_DEADLINE)
        return os.waitstatus_to_exitcode(int(reply["status"]))

    def close(self) -> None:
        """Tear the wall down and everything in it."""
        with contextlib.suppress(SandboxFault, OSError):
            while self._asked and self._wall is not None:
                self._spares.append(self._answer())
            for spare in self._spares:
                spare.close()
        for asked in self._asked:
            asked.drop()
        self._asked.clear()
        self._spares.clear()
        with contextlib.suppress(SandboxFault, OSError):
            self._reap(wait=True)
        if self._wall is not None:
            self._wall.close()
            self._wall = None
        remove_scratch(self._folder)
        self._folder = ""
