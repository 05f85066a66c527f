"""``student``, ``reference`` and ``baseline``: one module behind the wall, as a grader sees it."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from autograder import extras
from autograder.judging import memory, observations
from autograder.judging.measured import Measured
from autograder.judging.outcomes import Deferred, Outcome, ended, place, raised, tampered
from autograder.judging.peak import Peak
from autograder.judging.protocols import Evidence, Observation
from autograder.judging.scope import CheckScope
from autograder.model import Verdict
from autograder.sandbox.endings import Ending, SandboxFault, WorkerEnded
from autograder.sandbox.inside import wire
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.inside.wire import Opaque
from autograder.sandbox.protocols import NotProvided
from autograder.sandbox.worker import Worker

_MOST_KNOWN = 64  # peaks that a judge keeps
_USED_UP = (Verdict.TIMED_OUT, Verdict.OUT_OF_MEMORY, Verdict.CRASHED)


class ReferenceFault(Exception):
    """The reference or a baseline did not do what a check asked: a fault of the grader."""


@dataclasses.dataclass
class WorkerSide:
    """One module in a worker of its own, made when first used and kept for the check.

    It is a :class:`~autograder.judging.protocols.Side`, where its methods are documented.
    """

    scope: CheckScope
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
    neighbour: WorkerSide | None = None
    _worker: Worker | None = dataclasses.field(default=None, repr=False)
    _loaded: bool = False

    # -- making others ---------------------------------------------------------------------

    def _another(self, **changes: Any) -> WorkerSide:
        return dataclasses.replace(self, _worker=None, **changes)

    def fresh(self) -> WorkerSide:
        return self._another()

    def within(self, **limits: float) -> WorkerSide:
        return self._another(limits=dataclasses.replace(self.limits, **limits))  # type: ignore[arg-type]

    def with_files(self, **sources: str) -> WorkerSide:
        files = {f"{name}.py": text.encode() for name, text in sources.items()}
        return self._another(files={**self.files, **files})

    def with_source(self, source: bytes) -> WorkerSide:
        return self._another(source=source)

    def free(self, names: Iterable[str]) -> list[str]:
        names = list(names)
        taken = {extras.top(name) for name, _ in self.around if name.endswith(".py")}
        return [name for name in names if name not in taken] or names

    def on_cores(self, cores: Iterable[int]) -> WorkerSide:
        return self._another(affinity=sorted(cores))

    def beside(self, source: str) -> WorkerSide:
        return self._another(
            role="companion", source=source.encode(), neighbour=self, files={}, around=()
        )

    # -- observing -------------------------------------------------------------------------

    def observe(
        self, *, helpers: Iterable[Observation] = (), **arguments: Any
    ) -> Callable[[Observation], Evidence]:
        def run(function: Observation) -> Evidence:
            return self.run(function, helpers=helpers, **arguments)

        return run

    def run(
        self, function: Observation, *, helpers: Iterable[Observation] = (), **arguments: Any
    ) -> Evidence:
        request = self._request("observe", function, helpers)
        return self._ask({**request, "arguments": arguments})

    def collected(
        self,
        function: Observation,
        arguments: Mapping[str, Any],
        helpers: Iterable[Observation] = (),
    ) -> Evidence:
        request = self._request("observe", function, helpers)
        return self._ask({**request, "arguments": dict(arguments), "collect": True})

    def begin(
        self, function: Observation, *, helpers: Iterable[Observation] = (), **arguments: Any
    ) -> Pending:
        request = self._request("observe", function, helpers)
        worker = self.worker()
        worker.extend(self.limits.wall)
        try:
            worker.ask({**request, "arguments": arguments})
        except WorkerEnded as error:
            raise self._end(error) from None
        return Pending(self, worker)

    def batch(
        self,
        function: Observation,
        inputs: list[dict[str, Any]],
        *,
        helpers: Iterable[Observation] = (),
    ) -> list[Evidence]:
        request = self._request("batch", function, helpers)
        value = self._ask({**request, "batch": inputs})
        if type(value) is not list or len(value) != len(inputs):
            raise self._blame(ended(Ending.MALFORMED, "fewer values than were asked for", ""))
        return value

    def _request(
        self, op: str, function: Observation, helpers: Iterable[Observation]
    ) -> dict[str, Any]:
        helpers = observations.company(function, helpers)
        packed = [observations.pack(helper, helpers) for helper in helpers]
        function_ = observations.pack(function, helpers)
        sets = observations.assignable((function, *helpers))
        return {"op": op, "function": function_, "helpers": packed, "sets": sets}

    def _ask(self, request: dict[str, Any]) -> Evidence:
        """One request and its evidence; :class:`Outcome` for anything else."""
        worker = self.worker()
        worker.extend(self.limits.wall)
        try:
            reply = worker.call(request)
        except WorkerEnded as error:
            raise self._end(error) from None
        return self._value(reply)

    def worker(self) -> Worker:
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
                self.scope.workers.append(worker)
                reply = worker.load(load)
                self._value(reply)
                self._loaded = True
            except NotProvided as error:
                raise Deferred(str(error.capability)) from None
            except WorkerEnded as error:
                raise self._end(error, "loading your file", loading=True) from None
            except Outcome as outcome:
                outcome.loading = True
                if not self.files:
                    # No input has come near it yet: nothing of one can be in its words.
                    outcome.hidden_message = outcome.public_message
                raise
            except SandboxFault:
                if self.neighbour is not None:
                    self.neighbour.run(_nothing)  # says so if it has gone, and its network
                raise
        return self._worker

    def _fork(self) -> Worker:
        seed = self.scope.seed & 0x7FFFFFFF
        if self.neighbour is None:
            source = self.scope.source(self.profile, self.role)
            return source.worker(self.limits, seed, self.affinity)
        # Only the source that made the other network may put a second worker into it.
        beside = self.neighbour.worker()
        source = self.scope.source(self.profile, self.neighbour.role)
        worker = source.worker(self.limits, seed, self.affinity, beside)
        worker.neighbours.append(beside)
        return worker

    def _value(self, reply: dict[str, Any]) -> Evidence:
        if self.role == "student":
            signs, tracing = self.scope.signs, self.scope.tracing
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
                self.scope.given = value
            if self.scope.hiding is not None and value is not None and type(value) is not bool:
                may_hold_text = type(value) in (str, list, tuple, dict, set, frozenset, Opaque)
                self.scope.hiding.heard.append(value if may_hold_text else None)
            return value
        outcome = ended(Ending.MALFORMED, str(reply.get("unsendable", "no value"))[:200], "")
        outcome.hidden_message = ended(Ending.MALFORMED, "it is not plain data", "").hidden_message
        raise self._blame(outcome)

    def _end(self, error: WorkerEnded, last: str = "", *, loading: bool = False) -> Exception:
        """The outcome of a worker that ended while ``last``, with the line that was running."""
        source = self.source.decode("utf-8", "replace")
        line = place(source, error.frames, self.around) if self.role == "student" else ""
        outcome = ended(error.ending, error.detail, last, line)
        outcome.loading = loading
        return self._blame(outcome)

    def _blame(self, outcome: Outcome) -> Exception:
        if self.role == "student":
            return outcome
        if self.role == "companion" and outcome.verdict in _USED_UP:
            # What it does beside right answers is known; this one has drowned or starved it.
            words = outcome.public_message[0].lower() + outcome.public_message[1:]
            message = f"A program that used yours did not finish: {words}"
            return Outcome(Verdict.FAILED, message, message)
        return ReferenceFault(f"{self.role}: {outcome.verdict}: {outcome.public_message}")

    @property
    def printed(self) -> str:
        if self._worker is None:
            return ""
        if not self._worker.ended:
            self._worker.process.drain_all()
        return bytes(self._worker.printed).decode("utf-8", "replace")

    def peak_memory(
        self, function: Observation, *, helpers: Iterable[Observation] = (), **arguments: Any
    ) -> Peak:
        helpers = tuple(helpers)
        if self.role == "student":
            return memory.peak_memory(self, function, helpers=helpers, **arguments)
        # What trusted code takes does not change: of an equal call it is known.
        call, known = self._call(function, helpers, arguments), self.scope.peaks
        if call in known:
            self.scope.measured.append(Measured("memory", (self.role,), known[call].bytes))
            return known[call]
        peak = memory.peak_memory(self, function, helpers=helpers, **arguments)
        peak = dataclasses.replace(peak, _again=None, _told=None)  # of this check alone
        if len(known) >= _MOST_KNOWN:
            known.clear()
        known[call] = peak
        return peak

    def _call(
        self, function: Observation, helpers: Iterable[Observation], arguments: Mapping[str, Any]
    ) -> bytes:
        """A digest of all that the peak of trusted code depends on."""
        world = (self.role, self.exercise, self.profile, self.source, self.limits, self.affinity)
        digest = hashlib.sha256(repr((*world, self.files, self.around)).encode())
        request = self._request("observe", function, helpers)
        digest.update(wire.encode({**request, "arguments": arguments}, wire.REQUEST_CAP))
        return digest.digest()


@dataclasses.dataclass
class Pending:
    """An observation that was begun."""

    side: WorkerSide
    _worker: Worker

    def end(self) -> Evidence:
        """Wait for its evidence; raises as :meth:`WorkerSide.run` does."""
        try:
            reply = self._worker.receive()
        except WorkerEnded as error:
            raise self.side._end(error) from None
        return self.side._value(reply)


def _nothing(module: Any) -> None:
    return None
