"""The judge's side of one worker: requests, deadlines and the watch on its memory.

Every wait on a worker has a deadline, keeps draining its output, and looks at its memory
from outside. A worker that owes no reply is stopped with all it has started.
"""

from __future__ import annotations

import contextlib
import select
import signal
import socket
import threading
import time
from typing import Any

from autograder.sandbox import whereabouts
from autograder.sandbox.bounds import Bounds
from autograder.sandbox.deadline import Allowance
from autograder.sandbox.endings import Ending, SandboxFault, WorkerEnded
from autograder.sandbox.inside import seal, wire
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.processes import tree
from autograder.sandbox.processes.stopping import NotStopped
from autograder.sandbox.worker_process import WorkerProcess

_WATCH_EVERY = 0.05  # seconds between looks at a worker's memory

_asked: list[tuple[int, Worker]] = []
"""The workers that owe a reply, each with the thread that asked; only these run."""


class Worker:
    """One process (and all it starts) that holds one submission for one check.

    ``sock`` is this end of its wire, ``key`` (bytes) that of the tags on its replies; ``walled``
    says that it builds walls of its own.
    """

    def __init__(
        self,
        process: WorkerProcess,
        sock: socket.socket,
        limits: Limits,
        *,
        key: bytes,
        walled: bool = False,
    ) -> None:
        self.process, self.limits, self.key = process, limits, key
        self.pid, self.printed, self.scratch = process.pid, process.printed, process.scratch
        process.most_output = limits.output
        self._sock = sock
        self._sock.setblocking(False)
        self._replies = 0
        self.bounds = Bounds(self.pid, limits, walled, process.user)
        self.allowance = Allowance(self.pid, limits, self.bounds.cpu, exactly=not walled)
        self._next_watch = time.monotonic() + _WATCH_EVERY
        self._walled = False  # whether its first byte has come
        self._ended: WorkerEnded | None = None
        self._module, self._files = "", frozenset[str]()
        self.neighbours: list[Worker] = []  # looked after while this one is waited for

    @property
    def ended(self) -> bool:
        """Whether it is known to have ended."""
        return self._ended is not None

    # -- talking ---------------------------------------------------------------------------

    def settle(self, limits: Limits, seed: int, affinity: list[int] | None) -> None:
        """Make a worker that was forked ahead the one that is wanted now."""
        self.limits = self.allowance.limits = limits
        self.process.most_output = limits.output
        self.extend(limits.wall)
        what = {"limits": limits.as_dict(), "seed": seed, "affinity": affinity}
        self.send({"op": "settle", **what})

    def extend(self, seconds: float) -> None:
        """Give the worker ``seconds`` of wall time from now on."""
        self.allowance.begin(seconds)

    def load(self, module: dict[str, Any]) -> dict[str, Any]:
        """Have a module loaded (``name``, ``source``, ``files``) and return the reply."""
        self._module, self._files = module["name"], frozenset(module.get("beside", ()))
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
                raise self._end(Ending.EXITED) from None
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
            raise self._end(Ending.MALFORMED, str(error)) from None
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
            raise self._end(Ending.OUT_OF_MEMORY)
        needed = {id(w) for _, other in _asked for w in (other, *other.neighbours)}
        for worker in (self, *self.neighbours):
            if id(worker) not in needed and worker._ended is None:
                try:
                    worker.bounds.stop()
                except NotStopped:
                    raise worker._end(Ending.CRASHED, "its processes do not stop") from None

    def _forget(self) -> None:
        """No reply of this worker is waited for any more."""
        _asked[:] = [entry for entry in _asked if entry[1] is not self]

    def _refuse_early_reply(self) -> None:
        """End a worker that answers before it is asked: a timed call would cost it nothing."""
        if self._walled and self._ended is None and select.select([self._sock], [], [], 0)[0]:
            with contextlib.suppress(OSError):
                if self._sock.recv(1, socket.MSG_PEEK):
                    raise self._end(Ending.MALFORMED, "a reply that nothing was asked for")

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
                raise self._end(Ending.EXITED)
            view = view[got:]
        return data

    def _step(self, writing: bool) -> None:
        """Wait a little for the wire; meanwhile drain the output and watch the worker."""
        if self._ended is not None:
            raise self._ended
        now = time.monotonic()
        if self.allowance.late(now):
            raise self._end(Ending.TIMED_OUT)
        if now >= self._next_watch:
            self._watch()
            self._next_watch = time.monotonic() + _WATCH_EVERY
        others = self._others()
        talking = [w.process for w in (self, *others) if w.process.output >= 0]
        readers: list[Any] = [process.output for process in talking]
        if not writing:
            readers.append(self._sock)
        ready, _, _ = select.select(
            readers,
            [self._sock] if writing else [],
            [],
            min(_WATCH_EVERY, max(0.0, self.allowance.deadline - now)),
        )
        for process in talking:
            if process.output in ready:
                process.drain()
        for other in others:
            other._look_after(now)

    def _others(self) -> list[Worker]:
        """Those that run while this one is waited for: neighbours, and who else was asked."""
        me = threading.get_ident()
        asked = [worker for thread, worker in _asked if thread == me]
        others = {id(w): w for w in (*self.neighbours, *asked) if w is not self}
        return list(others.values())

    def _look_after(self, now: float) -> None:
        """Hold this worker to its limits while another one is waited for."""
        if self._ended is None:
            with contextlib.suppress(WorkerEnded):  # told when this worker is asked again
                if self.allowance.late(now):
                    raise self._end(Ending.TIMED_OUT)
                if now >= self._next_watch:
                    self._next_watch = now + _WATCH_EVERY
                    self._watch()

    def _watch(self) -> None:
        if self.bounds.too_much_memory(self.limits):
            raise self._end(Ending.OUT_OF_MEMORY)
        if self.bounds.too_many_files(self.limits):
            raise self._end(Ending.CRASHED, f"more than {self.limits.scratch >> 20} MiB of files")
        if self.scratch and (processes := len(tree(self.pid))) > 4 * self.limits.processes:
            raise self._end(Ending.CRASHED, f"{processes} processes")
        if self.allowance.spent():
            raise self._end(Ending.OUT_OF_CPU_TIME)

    # -- ending ----------------------------------------------------------------------------

    def _end(self, ending: Ending, detail: str = "") -> WorkerEnded:
        """Kill what is left and say how it ended; the first answer stays."""
        if self._ended is None:
            frames = []
            if ending in (Ending.TIMED_OUT, Ending.OUT_OF_CPU_TIME) and self._module:
                frames = whereabouts.frames(self.process, self._module, self._files)
            try:
                code = self.process.kill()
                self._sock.close()
                # Whatever it looked like from here, the kernel knows.
                ending = Ending.OUT_OF_MEMORY if self.bounds.cut_off() else ending
            finally:
                self._gone()
            if ending is Ending.EXITED:
                ending, detail = self._left(code)
            self._ended = WorkerEnded(ending, self._limit(ending) or detail, frames)
        return self._ended

    def _left(self, code: int) -> tuple[Ending, str]:
        """How a process ended that left by itself, by its exit code."""
        if code < 0:
            name = _signal_name(-code)
            if name == "SIGXCPU":
                return Ending.OUT_OF_CPU_TIME, ""
            return (Ending.EXITED, "") if name == "SIGKILL" else (Ending.CRASHED, name)
        # Only while nothing of a submission has run: later anyone may leave with any code.
        if not self._walled:
            self._ended = WorkerEnded(Ending.CLOSED)
            raise SandboxFault(bytes(self.printed[-600:]).decode(errors="replace"))
        return Ending.EXITED, f"exit code {code}"

    def _limit(self, ending: Ending) -> str:
        """The limit that was reached, for a message; empty for other endings."""
        if ending is Ending.OUT_OF_MEMORY:
            return f"{self.limits.memory >> 20} MiB"
        if ending in (Ending.TIMED_OUT, Ending.OUT_OF_CPU_TIME):
            return self.allowance.words(cpu=ending is Ending.OUT_OF_CPU_TIME)
        return ""

    def _gone(self) -> None:
        self._forget()
        self.bounds.remove()

    def close(self) -> None:
        """End the worker and everything it started."""
        if self._ended is None:
            self._ended = WorkerEnded(Ending.CLOSED)
            try:
                self.process.close()
                self._sock.close()
            finally:
                self._gone()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # most of the real-time signals have none
        return f"signal {number}"
