"""The judge's side of one worker: requests, deadlines and the watch on its memory.

Every wait on a worker has a deadline, keeps draining its output, and looks at its memory
from outside. A worker that owes no reply is stopped with all it has started.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from autograder.sandbox.bounds import Bounds
from autograder.sandbox.deadline import Allowance
from autograder.sandbox.inside import seal, wire
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.processes.procfs import tree
from autograder.sandbox.processes.stopping import NotStopped

_WATCH_EVERY = 0.05  # seconds between looks at a worker's memory

_asked: list[tuple[int, Worker]] = []
"""The workers that owe a reply, each with the thread that asked; only these run."""


class SandboxFault(Exception):
    """The sandbox itself failed: ours, never the student's."""


@dataclass
class WorkerEnded(Exception):
    """The worker cannot answer any more.

    ``how`` is ``timed out``, ``crashed``, ``out of memory``, ``exited`` or ``malformed``;
    ``detail`` says what was seen.
    """

    how: str
    detail: str

    def __post_init__(self) -> None:
        super().__init__(self.how, self.detail)


class Parent(Protocol):
    """What a worker asks of the process that forked it."""

    dying: list[tuple[int, int, str]]
    """Number, pidfd and scratch folder of workers that were left to die."""

    def wait(self, number: int) -> int:
        """The exit code of a worker that was killed or ended."""


def remove_scratch(scratch: str) -> None:
    """Take away the scratch folder of a worker that had no walls; with walls it goes by itself."""
    if scratch:
        shutil.rmtree(scratch, ignore_errors=True)


def _outside_pid(pidfd: int, fallback: int) -> int:
    """The worker's process id as this namespace sees it."""
    if pidfd < 0:
        return fallback
    for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    return fallback


class Worker:
    """One forked process (and all it starts) that holds one submission for one check."""

    def __init__(
        self,
        zygote: Parent | None,
        number: int,
        limits: Limits,
        sock: socket.socket,
        output: int,
        pidfd: int,
        pid: int,
        walled: bool = False,
    ) -> None:
        self._zygote, self.number, self.limits = zygote, number, limits
        self._sock, self._output, self._pidfd = sock, output, pidfd
        self._sock.setblocking(False)
        if output >= 0:
            os.set_blocking(output, False)
        self.pid = _outside_pid(pidfd, pid)
        self.printed = bytearray()
        self.key = b""  # of the tags on its replies
        self._replies = 0
        self.scratch = ""  # a folder to remove afterwards, where no wall has its own
        self.bounds = Bounds(self.pid, limits, walled)
        self.allowance = Allowance(self.pid, limits, self.bounds.cpu)
        self._next_watch = time.monotonic() + _WATCH_EVERY
        self._walled = False
        self._ended: WorkerEnded | None = None
        self.neighbours: list[Worker] = []  # looked after while this one is waited for

    @property
    def ended(self) -> bool:
        """Whether it is known to have ended."""
        return self._ended is not None

    # -- talking ---------------------------------------------------------------------------

    def settle(self, limits: Limits, seed: int, affinity: list[int] | None) -> None:
        """Make a worker that was forked ahead the one that is wanted now."""
        self.limits = self.allowance.limits = limits
        self.extend(limits.wall)
        what = {"limits": limits.as_dict(), "seed": seed, "affinity": affinity}
        self.send({"op": "settle", **what})

    def extend(self, seconds: float) -> None:
        """Give the worker ``seconds`` of wall time from now on."""
        self.allowance.begin(seconds)

    def load(self, module: dict[str, Any]) -> dict[str, Any]:
        """Have a module loaded (``name``, ``source``, ``files``) and return the reply."""
        self.allowance.begin_loading()
        reply = self.call({"op": "load", **module})
        self.allowance.end_loading()
        return reply

    def send(self, message: dict[str, Any]) -> None:
        """Queue a request; ``WorkerEnded`` if it is not taken before the deadline."""
        view = memoryview(wire.encode(message, wire.REQUEST_CAP))
        while view:
            self._step(writing=True)
            try:
                view = view[self._sock.send(view) :]
                if view:
                    self._go_on()  # more than fits: it must be taken for the rest to follow
            except BlockingIOError:
                self._go_on()
            except OSError:
                raise self._end("exited") from None
        self._go_on()  # what was asked lies there: it wakes once

    def receive(self) -> dict[str, Any]:
        """The next reply; raises :class:`WorkerEnded` for anything but a well-formed one."""
        try:
            if not self._walled:  # a first byte says that the walls stand
                self._exactly(1)
                self._walled = True
            shown = bytes(self._exactly(seal.TAG_BYTES))
            header = bytes(self._exactly(wire.HEADER_BYTES))
            control = bytes(self._exactly(wire.control_length(header)))
            body, lengths = wire.split_control(control, self.limits.reply)
            attachments = [self._exactly(n) for n in lengths]
            self._stop()  # before anything is made of it: that may take a while
            self._replies += 1
            tag = seal.tag(self.key, self._replies, header, control, *attachments)
            if not seal.genuine(shown, tag):
                raise wire.Malformed("something else than the worker wrote to its connection")
            reply = wire.decode(body, attachments)
            if type(reply) is not dict:
                raise wire.Malformed("a reply that is not a mapping")
        except wire.Malformed as error:
            raise self._end("malformed", str(error)) from None
        return reply

    def call(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send a request and wait for its reply, which must not be there already."""
        self.ask(message)
        return self.receive()

    def ask(self, message: dict[str, Any]) -> None:
        """Send a request whose reply is received later."""
        self._refuse_early_reply()
        _asked.append((threading.get_ident(), self))
        self.send(message)

    # -- running only when asked -----------------------------------------------------------

    def _go_on(self) -> None:
        for worker in (self, *self.neighbours):
            worker.bounds.go_on()

    def _stop(self) -> None:
        """Everything was answered: stop the worker, and those that ran because of it."""
        self._forget()
        if self.bounds.cut_off():  # only something that it had started, or it would not answer
            raise self._end("out of memory")
        needed = {id(w) for _, other in _asked for w in (other, *other.neighbours)}
        for worker in (self, *self.neighbours):
            if id(worker) not in needed and worker._ended is None:
                try:
                    worker.bounds.stop()
                except NotStopped:
                    raise worker._end("crashed", "its processes do not stop") from None

    def _forget(self) -> None:
        """No reply of this worker is waited for any more."""
        _asked[:] = [entry for entry in _asked if entry[1] is not self]

    def _refuse_early_reply(self) -> None:
        """End a worker that answers before it is asked: a timed call would cost it nothing."""
        if self._walled and self._ended is None and select.select([self._sock], [], [], 0)[0]:
            with contextlib.suppress(OSError):
                if self._sock.recv(1, socket.MSG_PEEK):
                    raise self._end("malformed", "a reply that nothing was asked for")

    def _exactly(self, count: int) -> bytearray:
        # In place: parts that are joined afterwards would be there twice.
        data = bytearray(count)
        view = memoryview(data)
        while view:
            self._step(writing=False)
            try:
                got = self._sock.recv_into(view[: 1 << 20])
            except BlockingIOError:
                continue
            except OSError:
                got = 0
            if not got:
                raise self._end("exited")
            view = view[got:]
        return data

    def _step(self, writing: bool) -> None:
        """Wait a little for the wire; meanwhile drain the output and watch the worker."""
        if self._ended is not None:
            raise self._ended
        now = time.monotonic()
        if self.allowance.late(now):
            raise self._end("timed out")
        if now >= self._next_watch:
            self._watch()
            self._next_watch = time.monotonic() + _WATCH_EVERY
        others = self._others()
        talking = [w for w in (self, *others) if w._output >= 0]
        readers: list[Any] = [w._output for w in talking]
        if not writing:
            readers.append(self._sock)
        ready, _, _ = select.select(
            readers,
            [self._sock] if writing else [],
            [],
            min(_WATCH_EVERY, max(0.0, self.allowance.deadline - now)),
        )
        for worker in talking:
            if worker._output in ready:
                worker._drain()
        for other in others:
            other._look_after(now)

    def _others(self) -> list[Worker]:
        """Those that run while this one is waited for: neighbours, and who else was asked."""
        me = threading.get_ident()
        asked = [worker for thread, worker in _asked if thread == me]
        found = {id(w): w for w in (*self.neighbours, *asked) if w is not self}
        return list(found.values())

    def _look_after(self, now: float) -> None:
        """Hold this worker to its limits while another one is waited for."""
        if self._ended is None:
            with contextlib.suppress(WorkerEnded):  # told when this worker is asked again
                if self.allowance.late(now):
                    raise self._end("timed out")
                if now >= self._next_watch:
                    self._next_watch = now + _WATCH_EVERY
                    self._watch()

    def _drain(self) -> None:
        try:
            data = os.read(self._output, 1 << 16)
        except BlockingIOError:
            return
        if not data:
            os.close(self._output)
            self._output = -1
            return
        room = self.limits.output - len(self.printed)
        self.printed += data[: max(0, room)]

    def _watch(self) -> None:
        if self.bounds.too_much_memory(self.limits):
            raise self._end("out of memory")
        if self.scratch and (processes := len(tree(self.pid))) > 4 * self.limits.processes:
            raise self._end("crashed", f"{processes} processes")
        if self.allowance.spent():
            raise self._end("timed out", "CPU")

    # -- ending ----------------------------------------------------------------------------

    def _end(self, how: str, detail: str = "") -> WorkerEnded:
        """Kill what is left and say how it ended; the first answer stays."""
        if self._ended is None:
            try:
                code = self._kill()
                # Whatever it looked like from here, the kernel knows.
                how = "out of memory" if self.bounds.cut_off() else how
            finally:
                self._gone()
            if how == "exited" and code < 0:
                name = signal.Signals(-code).name
                if name == "SIGXCPU":
                    how, detail = "timed out", "CPU"
                elif name != "SIGKILL":
                    how, detail = "crashed", name
            elif how == "exited":
                # Only while nothing of a submission has run: later anyone may leave with any code.
                if not self._walled:
                    self._ended = WorkerEnded("closed", "")
                    text = bytes(self.printed[-600:]).decode(errors="replace")
                    raise SandboxFault(text)
                detail = f"exit code {code}"
            if how == "timed out":
                detail = self.allowance.words(cpu=detail == "CPU")
            if how == "out of memory":
                detail = f"{self.limits.memory >> 20} MiB"
            self._ended = WorkerEnded(how, detail)
        return self._ended

    def _gone(self) -> None:
        self._forget()
        self.bounds.remove()

    def _kill(self) -> int:
        # Without walls nothing else ends what the worker started.
        below = tree(self.pid)[1:] if self.scratch else []
        # A worker that closed its wire may be about to die of something worth telling.
        if self._sock.fileno() >= 0 and self._pidfd >= 0:
            select.select([self._pidfd], [], [], 0.05)
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        elif self._pidfd < 0:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self._kill_below(below)
        assert self._zygote is not None
        code = self._zygote.wait(self.number)
        self._drain_rest()
        for descriptor in (self._pidfd, self._output):
            if descriptor >= 0:
                os.close(descriptor)
        self._pidfd = self._output = -1
        self._sock.close()
        remove_scratch(self.scratch)
        return code

    def _kill_below(self, below: list[int]) -> None:
        if self.scratch:
            with contextlib.suppress(OSError):
                os.killpg(self.pid, signal.SIGKILL)
        for pid in below:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    def _drain_rest(self) -> None:
        while self._output >= 0 and select.select([self._output], [], [], 0)[0]:
            before = len(self.printed)
            self._drain()
            if len(self.printed) in (before, self.limits.output):
                break

    def _let_die(self) -> None:
        """Kill it and do not wait: with torch loaded a process takes longer to go than to come."""
        assert self._zygote is not None
        below = tree(self.pid)[1:]
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        self._kill_below(below)
        self._drain_rest()
        if self._output >= 0:
            os.close(self._output)
        self._sock.close()
        self._zygote.dying.append((self.number, self._pidfd, self.scratch))
        self._pidfd = self._output = -1

    def close(self) -> None:
        """End the worker and everything it started."""
        if self._ended is None:
            self._ended = WorkerEnded("closed", "")
            if self.scratch and self._pidfd >= 0:
                self._let_die()
                self._gone()
                return
            if self._pidfd >= 0:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            try:
                self._kill()
            finally:
                self._gone()
