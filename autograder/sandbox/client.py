"""The judge's side of the sandbox: a :class:`Zygote` is one wall with a warm interpreter in it.

:meth:`Zygote.worker` forks a :class:`~autograder.sandbox.held.Worker`, which holds one
submission's module for one check.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.sandbox import bubblewrap
from autograder.sandbox.held import SandboxFault, Worker, remove_scratch
from autograder.sandbox.limits import Limits

_START_DEADLINE = 120.0  # seconds for a zygote to import torch on a busy machine
_FORK_DEADLINE = 30.0


@dataclass
class Zygote:
    """One warm process behind one wall."""

    profile: str
    secrets: tuple[Path, ...] = ()
    walls: bool = True
    gpu: bool = False
    slot: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _control: socket.socket | None = field(default=None, repr=False)
    _next: int = 0
    dying: list[tuple[int, int, str]] = field(default_factory=list)  # number, pidfd, scratch

    def start(self) -> None:
        """Build the wall and import; returns once the zygote is ready to fork."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        environment: dict[str, str] | None = None
        if self.walls:
            command = bubblewrap.command(
                self.profile, theirs.fileno(), secrets=self.secrets, gpu=self.gpu, slot=self.slot
            )
        else:
            command, environment = bubblewrap.unwalled_command(self.profile, theirs.fileno())
        self._process = subprocess.Popen(
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
            cwd="/",
            # A ctrl-C at the terminal, or in a notebook's kernel, is for its owner to answer.
            start_new_session=not self.walls,
        )
        theirs.close()
        self._control = ours
        ready, _ = self._reply(_START_DEADLINE)
        if ready.get("threads", 1) != 1:
            self.close()
            raise SandboxFault(f"the zygote runs {ready['threads']} threads; forks would hang")

    def _reply(self, seconds: float) -> tuple[dict[str, Any], list[int]]:
        assert self._control is not None
        self._control.settimeout(seconds)
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, 4)
        except TimeoutError:
            data, descriptors = b"", []
        if not data:
            raise SandboxFault(f"the sandbox did not start: {self._complaint()}")
        reply = json.loads(data)
        assert isinstance(reply, dict)
        return reply, list(descriptors)

    def _complaint(self) -> str:
        process = self._process
        if process is None or process.stderr is None:
            return "no process"
        process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        text = process.stderr.read().decode(errors="replace").strip()
        return text[-600:] or f"exit status {process.returncode}"

    def worker(
        self,
        limits: Limits,
        seed: int = 0,
        affinity: list[int] | None = None,
        beside: Worker | None = None,
    ) -> Worker:
        """Fork a worker; ``SandboxFault`` where that fails twice.

        ``beside`` is a living worker of this zygote whose loopback network it shares.
        """
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

    def _fork(
        self, limits: Limits, seed: int, affinity: list[int] | None, beside: Worker | None
    ) -> Worker:
        assert self._control is not None
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        output_read, output_write = os.pipe2(os.O_CLOEXEC)
        self._next += 1
        request = {
            "fork": self._next,
            "limits": limits.as_dict(),
            "seed": seed,
            "affinity": affinity,
            "beside": beside.number if beside is not None else None,
        }
        scratch = "" if self.walls else tempfile.mkdtemp(prefix="kata-")
        if scratch:
            request["scratch"] = scratch
        try:
            self._control.settimeout(_FORK_DEADLINE)
            line = json.dumps(request).encode()
            socket.send_fds(self._control, [line], [theirs.fileno(), output_write])
            reply, descriptors = self._reply(_FORK_DEADLINE)
        except BaseException:
            ours.close()
            os.close(output_read)
            remove_scratch(scratch)
            raise
        finally:
            theirs.close()
            os.close(output_write)
        handle = descriptors[0] if descriptors else -1
        worker = Worker(self, self._next, limits, ours, output_read, handle, int(reply["pid"]))
        worker.scratch = scratch
        self._reap()
        return worker

    def _reap(self, *, wait: bool = False) -> None:
        """Account for workers without walls that were left to die; ``wait`` for the last one."""
        for entry in self.dying[:]:
            number, pidfd, scratch = entry
            if not wait and not select.select([pidfd], [], [], 0)[0]:
                continue
            self.dying.remove(entry)
            os.close(pidfd)
            try:
                self.wait(number)
            finally:
                remove_scratch(scratch)

    def wait(self, number: int) -> int:
        """The exit code (a signal's number, negative) of a worker that was killed or ended."""
        if self._control is None:
            return 0
        self._control.settimeout(_FORK_DEADLINE)
        self._control.sendall(json.dumps({"wait": number}).encode())
        reply, _ = self._reply(_FORK_DEADLINE)
        return os.waitstatus_to_exitcode(int(reply["status"]))

    def close(self) -> None:
        """Tear the wall down and everything in it."""
        with contextlib.suppress(SandboxFault, OSError):
            self._reap(wait=True)
        if self._control is not None:
            # The zygote leaves when its control socket closes; waited for rather than killed, so
            # that its CPU time is accounted to this process.
            self._control.close()
            self._control = None
            if self._process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(2)
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stderr is not None:
                self._process.stderr.close()
            self._process = None


def close_all(zygotes: Iterable[Zygote]) -> None:
    """Close each zygote, whatever the others do."""
    for zygote in zygotes:
        with contextlib.suppress(OSError):
            zygote.close()
