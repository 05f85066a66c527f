"""The nursery: a judge that has collected its graders and is given no job, only forked.

A run needs several judges that know the same graders. They are collected once, here, and each judge
is a fork, with pipes of its own for jobs, results and its log. Nothing of a submission comes into
the nursery, so nothing of one is in another judge's memory. It also owns the roots that its
judges' zygotes are forked from (:mod:`autograder.sandbox.walls`).
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import random
import selectors
import signal
import socket
import sys
from dataclasses import asdict, dataclass, field
from typing import Any, TextIO

from autograder.sandbox.endings import SandboxFault
from autograder.sandbox.inside import preparing
from autograder.sandbox.walls import Kind, RootSet

_ANSWER = 60.0  # seconds for the nursery to answer a judge of its own


@dataclass(frozen=True, slots=True)
class Pipes:
    """What a new judge reads its jobs from and writes its results to."""

    jobs: TextIO
    results: TextIO


@dataclass
class Nursery:
    """Forks a judge for each request on ``control``; answers its judges' requests for roots."""

    control: socket.socket
    roots: RootSet
    _judges: dict[int, int] = field(default_factory=dict)
    """Process ids by pidfd."""

    def __post_init__(self) -> None:
        # Packets: several judges may write to one end at a time.
        self._questions, self._asking = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._selector = selectors.DefaultSelector()
        for sock in (self.control, self._questions):
            self._selector.register(sock, selectors.EVENT_READ)

    def run(self) -> tuple[Pipes, RootClient] | None:
        """Fork until the other end hangs up. In a fork: its pipes, and where it asks for roots."""
        # What is there stays shared with the forks, as far as they do not write to it.
        gc.collect()
        gc.freeze()
        self._tell({"threads": preparing.threads()})
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self.control:
                    data, descriptors, _, _ = socket.recv_fds(self.control, 4096, 3)
                    if not data:
                        self._end()
                        return None
                    pipes = self._fork(descriptors)
                    if pipes is not None:
                        return pipes, RootClient(self._asking)
                elif key.fileobj is self._questions:
                    self._answer()
                else:
                    self._reap(key.fd)

    def _tell(self, message: dict[str, Any], handle: int = -1) -> None:
        handles = [handle] if handle >= 0 else []
        socket.send_fds(self.control, [json.dumps(message).encode()], handles)

    def _fork(self, descriptors: list[int]) -> Pipes | None:
        try:
            pid = os.fork()
        except OSError as error:  # too many processes, no memory: the judges at work go on
            pid, problem = -1, str(error)
        if pid == 0:
            return self._become_judge(*descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        if pid < 0:
            self._tell({"error": problem})
            return None
        pidfd = os.pidfd_open(pid)
        self._judges[pidfd] = pid
        self._selector.register(pidfd, selectors.EVENT_READ)
        self._tell({"pid": pid}, pidfd)
        return None

    def _become_judge(self, jobs: int, results: int, log: int) -> Pipes:
        die_with_parent()
        self._selector.close()
        for pidfd in self._judges:
            os.close(pidfd)
        self.control.close()
        self._questions.close()
        self.roots.disown()
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.close(log)
        random.seed()
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            numpy.random.seed()
        return Pipes(os.fdopen(jobs, encoding="utf-8"), os.fdopen(results, "w", encoding="utf-8"))

    def _answer(self) -> None:
        """One question of a judge about a root; it may have ended meanwhile."""
        data, descriptors, _, _ = socket.recv_fds(self._questions, 4096, 1)
        question = json.loads(data)
        kind = Kind(**question["kind"])
        answer: dict[str, str] = {}
        root: socket.socket | None = None
        try:
            if question["ask"] == "complaint":
                answer = {"text": self.roots.complaint(kind)}
            else:
                root = self.roots.control(kind)
        except (SandboxFault, OSError) as error:  # what fails for one judge ends no other
            answer = {"error": str(error)}
        with socket.socket(fileno=descriptors[0]) as reply, contextlib.suppress(ConnectionError):
            handles = [] if root is None else [root.fileno()]
            socket.send_fds(reply, [json.dumps(answer).encode()], handles)
        if root is not None:
            root.close()

    def _reap(self, pidfd: int) -> None:
        self._selector.unregister(pidfd)
        os.close(pidfd)
        os.waitpid(self._judges.pop(pidfd), 0)

    def _end(self) -> None:
        for pidfd in list(self._judges):
            self._reap(pidfd)
        self.roots.close()


class RootClient:
    """The :class:`~autograder.sandbox.walls.Roots` of a judge: those of the nursery."""

    def __init__(self, asking: socket.socket) -> None:
        self._asking = asking

    def _ask(self, what: str, kind: Kind) -> tuple[dict[str, Any], list[int]]:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with ours:
            with theirs:
                line = json.dumps({"ask": what, "kind": asdict(kind)}).encode()
                socket.send_fds(self._asking, [line], [theirs.fileno()])
            ours.settimeout(_ANSWER)
            try:
                data, descriptors, _, _ = socket.recv_fds(ours, 1 << 16, 1)
                return json.loads(data), list(descriptors)
            except (ValueError, TimeoutError, ConnectionError):
                raise SandboxFault("the process that builds walls does not answer") from None

    def control(self, kind: Kind) -> socket.socket:
        """See :class:`~autograder.sandbox.walls.Roots`."""
        answer, descriptors = self._ask("control", kind)
        if "error" in answer or not descriptors:
            raise SandboxFault(str(answer.get("error", "no wall was built")))
        return socket.socket(fileno=descriptors[0])

    def complaint(self, kind: Kind) -> str:
        """See :class:`~autograder.sandbox.walls.Roots`."""
        return str(self._ask("complaint", kind)[0].get("text", ""))


def die_with_parent() -> None:
    """Be killed when the thread ends that this process was started from (Linux)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
