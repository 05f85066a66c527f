"""``student``, ``reference`` and ``baseline``: one module behind the wall, as a grader sees it."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from autograder import extras
from autograder.judging import observations
from autograder.judging.hiding import Hiding
from autograder.judging.outcomes import Outcome, ended, raised, tampered
from autograder.judging.signs import Signs
from autograder.model import Verdict
from autograder.sandbox.endings import Ending, SandboxFault, WorkerEnded
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.inside.wire import Opaque
from autograder.sandbox.worker import Worker
from autograder.sandbox.zygote import Zygote

T = TypeVar("T")

_USED_UP = (Verdict.TIMED_OUT, Verdict.OUT_OF_MEMORY, Verdict.CRASHED)


class ReferenceFault(Exception):
    """The reference or a baseline did not do what a check asked: a fault of the grader."""


@dataclasses.dataclass
class Bench:
    """What the sides of one check share: how to get a zygote, and the workers to close."""

    zygote: Callable[[str, str], Zygote]
    seed: int
    workers: list[Worker] = dataclasses.field(default_factory=list)
    hiding: Hiding | None = None
    """Set in a hidden check: keeps the evidence, so that its messages can be covered."""
    given: Any = None
    """The evidence that came last from the submission."""
    measured: list[Any] = dataclasses.field(default_factory=list)  # of measured.Measured
    resting: dict[bytes, tuple[int, int]] = dataclasses.field(default_factory=dict)  # see memory
    signs: Signs = dataclasses.field(default_factory=Signs)
    tracing: bool = False
    """Whether answers to this exercise trace or profile what they are given."""

    def close(self) -> None:
        while self.workers:
            self.workers.pop().close()


@dataclasses.dataclass
class Side:
    """One module in a worker of its own, made when first used and kept for the check.

    ``role`` is ``student``, ``reference`` or ``baseline``. Observations of one check share
    the worker; :meth:`fresh` gives the same module in a new one.
    """

    bench: Bench
    role: str
    exercise: str
    profile: str
    source: bytes
    limits: Limits
    files: dict[str, bytes] = dataclasses.field(default_factory=dict)
    """Modules of the grader's that lie beside it."""
    around: extras.Files = ()
    """What else lies beside it: files of the student's, and of the course's."""
    affinity: list[int] | None = None
    neighbour: Side | None = None
    _worker: Worker | None = dataclasses.field(default=None, repr=False)
    _loaded: bool = False

    # -- making others ---------------------------------------------------------------------

    def fresh(self) -> Side:
        """The same module in a new worker."""
        return dataclasses.replace(self, _worker=None)

    def within(self, **limits: Any) -> Side:
        """The same module in a new worker under changed limits (fields of ``Limits``)."""
        return dataclasses.replace(
            self, _worker=None, limits=dataclasses.replace(self.limits, **limits)
        )

    def with_files(self, **sources: str) -> Side:
        """The same module in a new worker, with helper modules that lie beside it.

        Functions that a process pool must pickle go there:
        ``with_files(kata_tasks="def f(x): …")``. Students can read them, so they hold nothing
        secret. A name that begins with ``kata_`` is never that of a student's own file; of others
        :meth:`free` says which are not.
        """
        files = {f"{name}.py": text.encode() for name, text in sources.items()}
        return dataclasses.replace(self, _worker=None, files={**self.files, **files})

    def free(self, names: Iterable[str]) -> list[str]:
        """Those of ``names`` that no module of the student's beside theirs has, for
        :meth:`with_files`; all of them where none is left."""
        names = list(names)
        taken = {extras.top(name) for name, _ in self.around if name.endswith(".py")}
        return [name for name in names if name not in taken] or names

    def on_cores(self, cores: Iterable[int]) -> Side:
        """The same module in a new worker that may run on these cores only."""
        return dataclasses.replace(self, _worker=None, affinity=sorted(cores))

    def beside(self, source: str) -> Side:
        """A module of the grader's own, in another process on the same loopback network.

        For what must not be done by the student's process itself, load on a server say: no
        code of theirs is in it, and neither can see the other's memory, files or processes.
        """
        return dataclasses.replace(
            self,
            role="companion",
            source=source.encode(),
            neighbour=self,
            files={},
            around=(),
            _worker=None,
        )

    # -- observing -------------------------------------------------------------------------

    def observe(
        self, *, helpers: Iterable[Callable[..., Any]] = (), **arguments: Any
    ) -> Callable[[Callable[..., Any]], Any]:
        """Decorator: run the function below on the module now; its name becomes the evidence.

        ``arguments`` travel as data. Raises an ``Outcome`` where the code raised, hung,
        crashed or ran out of memory.
        """

        def run(function: Callable[..., Any]) -> Any:
            return self.run(function, helpers=helpers, **arguments)

        return run

    def run(
        self,
        function: Callable[..., Any],
        *,
        helpers: Iterable[Callable[..., Any]] = (),
        **arguments: Any,
    ) -> Any:
        """The same for a function written elsewhere; returns the evidence."""
        request = self._request("observe", function, helpers)
        return self.ask({**request, "arguments": arguments}, function.__name__)

    def begin(
        self,
        function: Callable[..., Any],
        *,
        helpers: Iterable[Callable[..., Any]] = (),
        **arguments: Any,
    ) -> Pending:
        """Start an observation and come back at once, to run others on sides beside it."""
        request = self._request("observe", function, helpers)
        worker = self.worker()
        worker.extend(self.limits.wall)
        try:
            worker.ask({**request, "arguments": arguments})
        except WorkerEnded as error:
            raise self._blame(ended(error.ending, error.detail, "")) from None
        return Pending(self, worker)

    def batch(
        self,
        function: Callable[..., Any],
        inputs: list[dict[str, Any]],
        *,
        helpers: Iterable[Callable[..., Any]] = (),
    ) -> list[Any]:
        """The observation for each set of arguments, back to back in one request."""
        request = self._request("batch", function, helpers)
        value = self.ask({**request, "batch": inputs}, function.__name__)
        if type(value) is not list or len(value) != len(inputs):
            raise self._blame(ended(Ending.MALFORMED, "fewer values than were asked for", ""))
        return value

    def _request(
        self, op: str, function: Callable[..., Any], helpers: Iterable[Callable[..., Any]]
    ) -> dict[str, Any]:
        helpers = observations.company(function, helpers)
        packed = [observations.pack(helper, helpers) for helper in helpers]
        function_ = observations.pack(function, helpers)
        sets = observations.assignable((function, *helpers))
        return {"op": op, "function": function_, "helpers": packed, "sets": sets}

    def ask(self, request: dict[str, Any], name: str) -> Any:
        """One request and its evidence; :class:`Outcome` for anything else."""
        worker = self.worker()
        worker.extend(self.limits.wall)
        try:
            reply = worker.call(request)
        except WorkerEnded as error:
            raise self._blame(ended(error.ending, error.detail, "")) from None
        return self._value(reply)

    def worker(self) -> Worker:
        """The worker with the module loaded."""
        if self._worker is None:
            load = {
                "name": self.exercise,
                "source": self.source,
                "files": self.files,
                "beside": dict(extras.without(self.around, self.files)),
            }
            self._loaded = False
            try:
                self._worker = worker = self._fork()
                self.bench.workers.append(worker)
                reply = worker.load(load)
                self._value(reply)
                self._loaded = True
            except WorkerEnded as error:
                outcome = ended(error.ending, error.detail, "loading your file")
                outcome.loading = True
                raise self._blame(outcome) from None
            except Outcome as outcome:
                outcome.loading = True
                raise
            except SandboxFault:
                if self.neighbour is not None:
                    self.neighbour.run(_nothing)  # says so if it has gone, and its network
                raise
        return self._worker

    def _fork(self) -> Worker:
        seed = self.bench.seed & 0x7FFFFFFF
        if self.neighbour is None:
            zygote = self.bench.zygote(self.profile, self.role)
            return zygote.worker(self.limits, seed, self.affinity)
        # Only the zygote that made the other network may put a second worker into it.
        beside = self.neighbour.worker()
        zygote = self.bench.zygote(self.profile, self.neighbour.role)
        worker = zygote.worker(self.limits, seed, self.affinity, beside)
        worker.neighbours.append(beside)
        return worker

    def _value(self, reply: dict[str, Any]) -> Any:
        if self.role == "student":
            signs, tracing = self.bench.signs, self.bench.tracing
            replaced = signs.take(reply, self.source, tracing, self.around)
            if replaced and self._loaded:
                # Put back by now; but what was seen meanwhile is worth nothing.
                raise tampered(replaced)
        if "raised" in reply and type(reply["raised"]) is dict:
            source = self.source.decode("utf-8", "replace")
            raise self._blame(raised(reply["raised"], self.exercise, source, self.around))
        if "value" in reply:
            value = reply["value"]
            if self.role == "student":
                self.bench.given = value
            if self.bench.hiding is not None and value is not None and type(value) is not bool:
                kept = type(value) in (str, list, tuple, dict, set, frozenset, Opaque)
                self.bench.hiding.heard.append(value if kept else None)
            return value
        outcome = ended(Ending.MALFORMED, str(reply.get("unsendable", "no value"))[:200], "")
        outcome.hidden_message = ended(Ending.MALFORMED, "it is not plain data", "").hidden_message
        raise self._blame(outcome)

    def _blame(self, outcome: Outcome) -> Exception:
        if self.role == "student":
            return outcome
        if self.role == "companion" and outcome.verdict in _USED_UP:
            # What it does beside right answers is known; this one has drowned or starved it.
            words = outcome.public_message[0].lower() + outcome.public_message[1:]
            message = f"A program that used yours did not come to its end: {words}"
            return Outcome(Verdict.FAILED, message, message)
        return ReferenceFault(f"{self.role}: {outcome.verdict}: {outcome.public_message}")

    @property
    def printed(self) -> str:
        """What the code has printed so far in this worker (cut at the limit)."""
        return bytes(self._worker.printed).decode("utf-8", "replace") if self._worker else ""

    # -- measuring -------------------------------------------------------------------------

    def peak_memory(self, function: Callable[..., Any], **arguments: Any) -> Any:
        """See :func:`autograder.judging.measuring.peak_memory`."""
        from autograder.judging import measuring

        return measuring.peak_memory(self, function, **arguments)


@dataclasses.dataclass
class Pending:
    """An observation that was begun."""

    side: Side
    _worker: Worker

    def end(self) -> Any:
        """Wait for its evidence; raises as :meth:`Side.run` does."""
        try:
            reply = self._worker.receive()
        except WorkerEnded as error:
            raise self.side._blame(ended(error.ending, error.detail, "")) from None
        return self.side._value(reply)


def _nothing(module: Any) -> None:
    return None


def generator(seed: str, exercise: str, check: str) -> random.Random:
    """The source of hidden inputs: the same for the same run seed, exercise and check."""
    import hashlib

    digest = hashlib.sha256(f"{seed}\0{exercise}\0{check}".encode()).digest()
    return random.Random(int.from_bytes(digest, "big"))


__all__ = ["Bench", "ReferenceFault", "SandboxFault", "Side", "Verdict", "generator"]
