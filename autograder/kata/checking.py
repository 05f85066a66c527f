"""Run the checks of an exercise on a student's text, and keep what came of it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from autograder import clauses, packages
from autograder.judging.outcomes import NOT_STARTED
from autograder.judging.session import Evidence, JudgeSession
from autograder.kata.progress import ProgressError, State
from autograder.kata.workspace import Workspace, WorkspaceError
from autograder.model import OPEN, CheckResult, Job, Result, Verdict
from autograder.outline import Exercise
from autograder.stubs import is_untouched

if TYPE_CHECKING:
    from autograder.ingest.contents.carried import Beside


@dataclass(frozen=True, slots=True)
class Checked:
    """One exercise as it was checked just now.

    ``where`` says what was checked (a path, a cell); ``hidden`` is how many checks run at
    grading only; ``unsaved`` says in words why progress could not be saved, empty if it was.
    """

    exercise: Exercise
    where: str
    result: Result
    hidden: int = 0
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    unsaved: str = ""
    beside: Beside | None = None
    """What lay beside it and came along."""
    contract: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What the contract says about each check, by its name."""
    remembered: bool = False
    """Whether it was noted in the progress file, so that it is known what comes next."""
    following: Exercise | None = None
    """What comes next in the course; None where nothing is left."""

    @property
    def counts(self) -> tuple[int, int]:
        """How many checks passed, of how many that could run here and did not fail by our fault."""
        ran = [c for c in self.result.checks if c.verdict not in OPEN]
        return sum(c.verdict is Verdict.PASSED for c in ran), len(ran)

    @property
    def deferred(self) -> list[CheckResult]:
        """Checks that this machine cannot run."""
        return [c for c in self.result.checks if c.verdict is Verdict.DEFERRED]

    @property
    def passed(self) -> bool:
        """Whether every check that can run here passed, and at least one did."""
        passed, ran = self.counts
        return ran > 0 and passed == ran

    @property
    def state(self) -> State:
        """As ``kata list`` shows it, from this check alone."""
        if self.passed:
            return "public passed" if self.hidden else "passed"
        return "new" if self.result.verdict is Verdict.NOT_ATTEMPTED else "tried"

    def as_dict(self) -> dict[str, Any]:
        """One exercise of ``kata check --json``: a line of results.jsonl, and what is measured."""
        values = self.result.as_dict()
        for name in ("student", "seed", "walls", "sandboxed"):
            values.pop(name, None)
        for check in values["checks"]:
            check.pop("fault", None)
            evidence = self.evidence.get(check["name"], Evidence())
            check["measured"] = [_measured(m) for m in evidence.measured]
            check["printed"] = evidence.printed if check["public"] else ""
        if self.beside is not None and self.beside.files:
            values["files"] = [name for name, _ in self.beside.files]
        known = {"passed": self.passed, "state": self.state, "hidden_checks": self.hidden}
        return {"file": self.where, **known, **values}


def _measured(value: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return {k: v for k, v in asdict(value).items() if v is not None}


def rejected(exercise: Exercise, message: str) -> Result:
    """The result of a file that could not even be read."""
    return Result("you", exercise.id, "", (), exercise.points, Verdict.REJECTED, message)


def not_started(exercise: Exercise) -> Result:
    """The result of a stub."""
    return Result("you", exercise.id, "", (), exercise.points, Verdict.NOT_ATTEMPTED, NOT_STARTED)


def check_source(
    session: JudgeSession,
    exercise: Exercise,
    source: bytes,
    where: str,
    stub: bytes = b"",
    beside: Beside | None = None,
) -> Checked:
    """Check a text that is at hand; raises ``Cancelled`` if broken off."""
    if is_untouched(source, stub):
        # Said without running it: to import torch for a stub takes seconds.
        return Checked(exercise, where, not_started(exercise), exercise.hidden_checks)
    if words := packages.missing([exercise]):
        return Checked(exercise, where, rejected(exercise, words), exercise.hidden_checks)
    if not session.course.check_files(exercise):
        words = "This installation has no checks for it; they run at grading."
        result = Result("you", exercise.id, "", (), exercise.points, Verdict.DEFERRED, words)
        return Checked(exercise, where, result, exercise.hidden_checks)
    files = beside.files if beside is not None else ()
    job = Job("you", exercise.id, source, secrets.token_hex(8), files=files)
    result = so_far(exercise, session.check(exercise, job, stub))
    contract = {
        check.name: clauses.sentences(session.course, exercise.id, check.name)
        for check in result.checks
        if check.verdict is not Verdict.PASSED
    }
    return Checked(
        exercise,
        where,
        result,
        exercise.hidden_checks,
        dict(session.evidence),
        beside=beside,
        contract=contract,
    )


def so_far(exercise: Exercise, result: Result) -> Result:
    """The result in points of the whole exercise, where only its public checks are here."""
    if exercise.public_points is None or not exercise.points:
        return result
    from autograder.judging.verdicts import scaled

    share = exercise.public_points / exercise.points
    return replace(result, checks=tuple(scaled(check, share) for check in result.checks))


def check_file(session: JudgeSession, workspace: Workspace, exercise: Exercise) -> Checked:
    """Check the student's file of an exercise and remember how it went."""
    where = workspace.shown(workspace.path(exercise))
    try:
        source = workspace.source(exercise)
    except WorkspaceError as error:
        return Checked(exercise, where, rejected(exercise, str(error)), exercise.hidden_checks)
    stub = stub_of(workspace, exercise)
    beside = workspace.beside(exercise, source)
    checked = check_source(session, exercise, source, where, stub, beside)
    return remember(workspace, checked)


def stub_of(workspace: Workspace, exercise: Exercise) -> bytes:
    """The stub, or nothing where the course has lost it."""
    try:
        return workspace.stub(exercise)
    except WorkspaceError:
        return b""


def remember(workspace: Workspace, checked: Checked) -> Checked:
    """Note a check in the progress file; a file that cannot be written costs no verdict."""
    from autograder.kata import naming

    passed, total = checked.counts
    if checked.result.verdict is Verdict.NOT_ATTEMPTED or not total:
        return checked
    try:
        progress, id = workspace.progress, checked.exercise.id
        progress.note_check(id, passed, total, checked.passed, checked.hidden)
        following = naming.following(workspace.course, progress.standings(), id)
    except ProgressError as error:
        return replace(checked, unsaved=str(error))
    return replace(checked, remembered=True, following=following)
