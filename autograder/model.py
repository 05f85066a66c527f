"""The plain values that pass between the rooms: verdicts, check results, results."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from autograder.sandbox.inside.walls import Walls as Walls

SCHEMA = 1
"""Version of a line of ``results.jsonl``."""


class Verdict(StrEnum):
    """What became of one check, or of one exercise as a whole.

    A new one needs a row in :data:`autograder.text.wording.WORDING`, which every screen, page and
    cell is made from, and its place in :func:`overall`. What is written below it stands in
    ``docs/results.md``: ``make generated``.
    """

    PASSED = "passed"
    """every check passed"""

    PARTLY = "partly there"
    """some checks passed; of an exercise only, never of a check"""

    FAILED = "failed"
    """the code ran and did something else"""

    RAISED = "raised"
    """the code raised an exception"""

    TIMED_OUT = "timed out"
    """a limit of wall time or CPU time was reached"""

    CRASHED = "crashed"
    """the process died"""

    OUT_OF_MEMORY = "out of memory"
    """the memory limit was reached"""

    NOT_ATTEMPTED = "not attempted"
    """the untouched stub, or nothing was handed in"""

    REJECTED = "rejected"
    """the file could not be read; the message says why"""

    DEFERRED = "deferred"
    """this machine lacks what the checks need; grade again on one that has it"""

    GRADER_FAULT = "grader fault"
    """the grader failed, not the student: points are open, and the run names the fault"""


OPEN = (Verdict.DEFERRED, Verdict.GRADER_FAULT)
"""Verdicts of checks whose points are neither earned nor lost."""

ENDED_PROCESS = (Verdict.TIMED_OUT, Verdict.CRASHED, Verdict.OUT_OF_MEMORY)
"""Verdicts of code that takes the process it runs in along, or holds it up."""

NOT_DEFINED = "is not defined in"
"""Stands in the message about a name that the checks need and an answer lacks."""

NOT_RUN = "Not run"
"""Begins the message of a check that others before it left no time for."""

KINDS = ("behaviour", "performance", "memory", "gpu")
"""What a check looks at."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check of one submission. ``seconds`` is wall time; ``message`` is for the student.

    ``needs`` says of a deferred check what a machine must have to run it. ``fault`` is the
    traceback of a check that faulted on this submission: for those who write the grader, and
    part of no page that a student reads. ``undecided`` says that a measurement could not be told
    from its limit, which passes.
    """

    name: str
    title: str
    verdict: Verdict
    points: float
    max_points: float
    public: bool
    message: str = ""
    hint: str = ""
    seconds: float = 0.0
    needs: tuple[str, ...] = ()
    fault: str = ""
    undecided: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The check as it stands in ``results.jsonl``."""
        values = asdict(self)
        values["verdict"] = str(self.verdict)
        del values["needs"]
        for name in ("fault", "undecided"):
            if not values[name]:
                del values[name]
        if self.needs:
            values["needs"] = list(self.needs)
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> CheckResult:
        """The inverse of :meth:`as_dict`."""
        values = {**values, "verdict": Verdict(values["verdict"])}
        values["needs"] = tuple(values.get("needs", ()))
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Result:
    """All checks of one exercise for one student. ``worth`` is what the exercise can earn.

    Points of a check that failed through a fault of ours are *open*: neither earned nor lost,
    and not part of ``max_points``.
    """

    student: str
    exercise: str
    seed: str
    checks: tuple[CheckResult, ...]
    worth: float
    verdict: Verdict
    message: str = ""
    walls: Walls | None = None
    """What the submission ran behind; None where nothing of it was run."""
    review: tuple[str, ...] = ()
    """Signs that a person should look at this answer, each with its line; they take no points."""
    graded_with: str = ""
    """Versions of the worker that graded, where they differ from the coordinator's."""

    @property
    def sandboxed(self) -> bool:
        """False where the submission ran without walls."""
        return self.walls is not Walls.NONE

    @property
    def points(self) -> float:
        """Points earned, rounded to hundredths."""
        return round(sum(check.points for check in self.checks), 2)

    @property
    def faults(self) -> tuple[CheckResult, ...]:
        """The checks that failed through a fault of ours."""
        return tuple(c for c in self.checks if c.verdict is Verdict.GRADER_FAULT)

    @property
    def faulted(self) -> bool:
        """Whether a fault of ours leaves points open: those of some checks, or all of them."""
        return self.verdict is Verdict.GRADER_FAULT or bool(self.faults)

    @property
    def all_open(self) -> bool:
        """Whether a fault of ours leaves every point open, so that there is no mark yet."""
        return self.faulted and not self.max_points

    @property
    def max_points(self) -> float:
        """The most that could be earned: what the exercise is worth, less what is open."""
        if not self.faulted:
            return self.worth
        # Summed as the points are, so that who passed everything else has all of it.
        decided = (c.max_points for c in self.checks if c.verdict is not Verdict.GRADER_FAULT)
        return round(sum(decided), 2)

    @property
    def open_points(self) -> float:
        """Points that a fault of ours leaves open."""
        return round(self.worth - self.max_points, 2) if self.faulted else 0.0

    @property
    def deferred_points(self) -> float:
        """Points still to be graded, because this machine could not run their checks."""
        waiting = (c.max_points for c in self.checks if c.verdict is Verdict.DEFERRED)
        return round(sum(waiting), 2)

    def as_dict(self) -> dict[str, Any]:
        """One line of ``results.jsonl``."""
        values: dict[str, Any] = {
            "schema": SCHEMA,
            "student": self.student,
            "exercise": self.exercise,
            "points": self.points,
            "max_points": self.max_points,
            "deferred_points": self.deferred_points,
            "verdict": str(self.verdict),
            "seed": self.seed,
            "checks": [check.as_dict() for check in self.checks],
        }
        if self.open_points:
            values["open_points"] = self.open_points
        if self.message:
            values["message"] = self.message
        if self.walls is not None:
            values["walls"] = str(self.walls)
        if not self.sandboxed:
            values["sandboxed"] = False
        if self.review:
            values["review"] = list(self.review)
        if self.graded_with:
            values["graded_with"] = self.graded_with
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Result:
        """The inverse of :meth:`as_dict`; ``ValueError`` for another schema."""
        if values.get("schema") != SCHEMA:
            raise ValueError(f"results of schema {values.get('schema')!r}; this is {SCHEMA}")
        open_ = values.get("open_points", 0)
        return cls(
            student=values["student"],
            exercise=values["exercise"],
            seed=values["seed"],
            checks=tuple(CheckResult.from_dict(c) for c in values["checks"]),
            worth=round(values["max_points"] + open_, 2) if open_ else values["max_points"],
            verdict=Verdict(values["verdict"]),
            message=values.get("message", ""),
            walls=_walls(values),
            review=tuple(values.get("review", ())),
            graded_with=values.get("graded_with", ""),
        )


def _walls(values: dict[str, Any]) -> Walls | None:
    """Of a line of ``results.jsonl``; older ones say only where there were none."""
    if "walls" in values:
        return Walls(values["walls"])
    return Walls.NONE if not values.get("sandboxed", True) else None


def overall(checks: tuple[CheckResult, ...], *, untouched: bool) -> Verdict:
    """The verdict of an exercise: ``passed`` only when nothing is lost and nothing open.

    An answer that passed some checks is partly there, however the others ended. If none passed, the
    worst news counts. Only the ``untouched`` stub was not attempted.
    """
    seen = {check.verdict for check in checks}
    if Verdict.GRADER_FAULT in seen:
        return Verdict.GRADER_FAULT
    if Verdict.PASSED in seen:
        if seen - {Verdict.PASSED, Verdict.DEFERRED}:
            return Verdict.PARTLY
        return Verdict.DEFERRED if Verdict.DEFERRED in seen else Verdict.PASSED
    order = (
        Verdict.REJECTED,
        Verdict.CRASHED,
        Verdict.OUT_OF_MEMORY,
        Verdict.TIMED_OUT,
        Verdict.RAISED,
        Verdict.FAILED,
        Verdict.NOT_ATTEMPTED,
        Verdict.DEFERRED,
    )
    otherwise = Verdict.FAILED if seen else Verdict.PASSED
    verdict = next((verdict for verdict in order if verdict in seen), otherwise)
    written = verdict is Verdict.NOT_ATTEMPTED and not untouched
    return Verdict.FAILED if written else verdict


@dataclass(frozen=True, slots=True)
class Job:
    """What a judge is asked to grade: one student's text of one exercise.

    ``only`` names the checks to run (all when empty); ``source`` is the module's text.
    ``until_lost`` ends the job at the first check that loses points; the result then has
    the checks that were run. ``files`` are the student's own that lie beside the module, by name.
    """

    student: str
    exercise: str
    source: bytes
    seed: str
    only: tuple[str, ...] = field(default=())
    until_lost: bool = False
    files: tuple[tuple[str, bytes], ...] = field(default=())

    @property
    def texts(self) -> bytes:
        """All that the student wrote in Python: the module's text, then those of the others."""
        others = (data for name, data in self.files if name.endswith(".py"))
        return b"\n".join((self.source, *others)) if self.files else self.source
