"""The judge: turns what happens in the rooms of checks into verdicts.

It is a plugin of a pytest session that stays open between jobs
(:mod:`autograder.judging.pytest_session`), so a submission costs its checks and nothing more.
Nothing of a submission is ever imported here.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import pytest
from _pytest.runner import runtestprotocol

from autograder.judging import faults, missing
from autograder.judging.observations import open_observations
from autograder.judging.outcomes import NOT_STARTED, Deferred, Outcome
from autograder.judging.protocols import Rooms
from autograder.judging.rooms import spec_of
from autograder.judging.specs import CheckSpec
from autograder.judging.verdicts import given_up, judged, scaled
from autograder.model import CheckResult, Job, Result, Verdict, overall
from autograder.outline import Exercise
from autograder.stubs import is_untouched

_NOTHING_YET = (Verdict.NOT_ATTEMPTED, Verdict.FAILED, Verdict.DEFERRED)

MOST_COSTLY = 3
"""Checks of one exercise that may use up their time or memory before the others are not run, in a
class. A student who waits has one: the line where it hung says all there is."""


@dataclass
class _Run:
    """A job, and what came of its checks so far."""

    job: Job
    exercise: Exercise
    untouched: bool
    results: list[CheckResult] = field(default_factory=list)
    costly: list[Verdict] = field(default_factory=list)
    hopeless: Outcome | None = None
    """Set where the module cannot be loaded: every other check would end in the same way."""
    missing: dict[str, str] = field(default_factory=dict)
    """By the check's name, a name that it needs and the module lacks."""


@dataclass
class _Attempt:
    """One run of one check, as pytest's hooks see it end."""

    result: CheckResult | None = None
    fault: BaseException | None = None
    """The error, where it is nothing that a submission may do."""
    hopeless: Outcome | None = None
    missing: str = ""


class Judge:
    """The pytest plugin that opens rooms and turns what happens in them into verdicts.

    ``bound_cpu`` ends a check that computes for too long in this process; it takes the process's
    timers, so the process must do nothing but judge. ``most_costly`` checks of one exercise may use
    up their time or memory before the others are not run.
    """

    def __init__(
        self, rooms: Rooms, *, bound_cpu: bool = False, most_costly: int = MOST_COSTLY
    ) -> None:
        self.rooms, self._bound_cpu, self._most_costly = rooms, bound_cpu, most_costly
        self.items: dict[str, list[pytest.Item]] = {}
        self.problems: dict[str, str] = {}
        self._attempt = _Attempt()

    # -- collecting ------------------------------------------------------------------------

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            exercise = self.rooms.course.graded_by(item.path)
            others = self.items.setdefault(exercise, [])
            if spec_of(item) is None:
                self.problems[exercise] = f"{_place(item)}: {item.name} has no @check"
            for other in (other for other in others if other.name == item.name):
                problem = f"{_place(item)}: a second check is called {item.name}"
                self.problems[exercise] = f"{problem}; the other is at {_place(other)}"
            others.append(item)
        course = self.rooms.course
        files = {p: course.graded_by(i.path) for i in items for p in course.grader_parts(i.path)}
        for path, exercise in files.items():
            for problem in open_observations(path):
                self.problems[exercise] = problem

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            exercise = self.rooms.course.graded_by(Path(os.sep, str(report.nodeid)))
            self.problems.setdefault(exercise, str(report.longrepr)[-1500:])

    def pytest_exception_interact(self, node: Any, call: pytest.CallInfo[Any], report: Any) -> None:
        """Say of a grader that cannot be collected where it fails; pytest's report is a page."""
        if isinstance(report, pytest.CollectReport) and call.excinfo is not None:
            exercise = self.rooms.course.graded_by(node.path)
            error = call.excinfo.value
            self.problems[exercise] = faults.placed(error.__cause__ or error, node.path)

    # -- one check -------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool:
        """As pytest's own, but nothing is logged: its reports would pile up, job after job."""
        try:
            runtestprotocol(item, log=False, nextitem=nextitem)
        except (KeyboardInterrupt, pytest.exit.Exception, faults.TooMuchWork) as error:
            # Passed on by pytest, to end a session, or raised within pytest. They end a check.
            self._attempt.result = judged(item, _spec(item), error, 0.0)
            self._attempt.fault = error
            item.session._setupstate.teardown_exact(None)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """Keep the result; the report is a bare one, since pytest's would quote tracebacks."""
        if call.excinfo is not None or call.when == "call":
            error, attempt = call.excinfo.value if call.excinfo else None, self._attempt
            if isinstance(error, Outcome) and error.loading:
                attempt.hopeless = error
            if isinstance(error, Outcome) and error.missing:
                attempt.missing = error.missing
            # The first thing that goes wrong is what the check ended with.
            if attempt.result is None or attempt.result.verdict is Verdict.PASSED:
                attempt.result = judged(item, _spec(item), error, call.duration)
                faulted = attempt.result.verdict is Verdict.GRADER_FAULT
                attempt.fault = error if faulted else None
        how: Literal["passed", "failed"] = "passed" if call.excinfo is None else "failed"
        assert call.when != "collect"
        return pytest.TestReport(item.nodeid, item.location, {}, how, None, call.when)

    # -- one job ---------------------------------------------------------------------------

    def run(self, job: Job, stub: bytes | None = None) -> Result:
        """Grade one job; never raises for anything that a submission did.

        ``stub`` is the exercise as it was given out, by default the course's.
        """
        exercise = self.rooms.course.exercise(job.exercise)
        items = self.items.get(job.exercise, [])
        problem = self.problems.get(job.exercise, "" if items else "no grader was found")
        common = (job.student, job.exercise, job.seed)
        if problem:
            return Result(*common, (), exercise.points, Verdict.GRADER_FAULT, problem)
        self.rooms.begin(job)
        scale = exercise.points / sum(_spec(item).points for item in items)
        if stub is None:
            stub = _read(self.rooms.course.stub(exercise))
        run = _Run(job, exercise, untouched=is_untouched(job.source, stub))
        for item in items:
            if (not job.only or item.name in job.only) and not self._check(item, run):
                break
        told = missing.attributed(run.results, run.missing, job.exercise, job.source, stub)
        results = tuple(scaled(result, scale) for result in told)
        return Result(
            *common,
            results,
            exercise.points,
            overall(results, untouched=run.untouched),
            self.rooms.signs.words(),
            walls=self.rooms.walls,
            review=tuple(self.rooms.signs.found),
        )

    def _check(self, item: pytest.Item, run: _Run) -> bool:
        """Run one check of a job, or say why not; False where the job ends with it."""
        if run.hopeless is not None or len(run.costly) >= self._most_costly:
            run.results.append(given_up(item, _spec(item), run.hopeless, run.costly))
            return True
        result = self._result(item, run)
        if run.untouched and result.verdict in _NOTHING_YET:
            # No machine would find more in it: its points are not open either.
            verdict = Verdict.NOT_ATTEMPTED
            result = replace(result, verdict=verdict, message=NOT_STARTED, needs=())
        run.results.append(result)
        if result.verdict in (Verdict.TIMED_OUT, Verdict.OUT_OF_MEMORY):
            run.costly.append(result.verdict)
        lost = result.verdict not in (Verdict.PASSED, Verdict.DEFERRED)
        return not (lost and run.job.until_lost)

    def _result(self, item: pytest.Item, run: _Run) -> CheckResult:
        """The result of a check; where it faults, of the runs that tell whose fault that is."""
        result, first = self._once(item, run.job)
        run.hopeless = first.hopeless
        run.missing[item.name] = first.missing
        if first.fault is None:
            return result
        fault, given = faults.recorded(first.fault), self.rooms.scope and self.rooms.scope.given
        if not faults.too_slow(first.fault):
            # A machine that failed for a moment, or a check that does so once in a while: a right
            # answer must not pay for it.
            again, second = self._once(item, run.job)
            run.hopeless = second.hopeless or run.hopeless
            if second.fault is None:
                return replace(again, fault=fault)
        reference = self._reference(run.exercise)
        if reference is not None:
            theirs, third = self._once(item, replace(run.job, source=reference, files=()))
            if third.fault is not None or theirs.verdict is not Verdict.PASSED:
                return replace(result, fault=fault)
        verdict, message = faults.verdict_and_words(first.fault, given, _spec(item).public)
        return replace(result, verdict=verdict, message=message, fault=fault)

    def _once(self, item: pytest.Item, job: Job) -> tuple[CheckResult, _Attempt]:
        """One run of a check: its result, and how it came about."""
        self.rooms.with_job(job)
        attempt = self._attempt = _Attempt()
        with self._bounded():
            # Torn down whole each time: which check runs next is known only after this one.
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
        if attempt.result is None:
            attempt.fault = RuntimeError("the check did not run")
            attempt.result = judged(item, _spec(item), attempt.fault, 0.0)
        scope, result = self.rooms.scope, attempt.result
        if scope is not None and any(m.undecided for m in scope.measured):
            result = replace(result, undecided=result.verdict is Verdict.PASSED)
        return result, attempt

    def _reference(self, exercise: Exercise) -> bytes | None:
        """The reference solution, or None on a student's machine, which has none.

        Every public check passes the reference before it is given out: there, too, a fault is
        most likely the submission's.
        """
        try:
            return self.rooms.reference_source(exercise)
        except (Deferred, OSError):
            return None

    @contextlib.contextmanager
    def _bounded(self) -> Iterator[None]:
        """Bound the CPU time that a check uses in this process, if it is a judge's own."""
        if not self._bound_cpu:
            yield
            return
        # The first can be answered by the check; what never comes back to Python ends the judge.
        signal.setitimer(signal.ITIMER_PROF, faults.CHECK_CPU)
        signal.setitimer(signal.ITIMER_VIRTUAL, 2 * faults.CHECK_CPU)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _spec(item: pytest.Item) -> CheckSpec:
    """What ``@check`` says of an item; one without it is a problem of its grader, and not run."""
    spec = spec_of(item)
    assert spec is not None
    return spec


def _place(item: pytest.Item) -> str:
    return f"{item.path.name}:{(item.location[1] or 0) + 1}"


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
