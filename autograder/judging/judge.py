"""The judge: one process, one pytest session, many submissions.

``python -m autograder.judging.judge`` collects the graders once and then takes jobs, a JSON line
each, from its standard input, and writes each result to the descriptor it was given. The
pytest session stays open between jobs, so a submission costs its checks and nothing more.
Nothing of a submission is ever imported here.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any, Literal, NoReturn

import pytest
from _pytest.runner import runtestprotocol

from autograder import outline
from autograder.judging import checks, faults
from autograder.judging.collecting import ARGUMENTS, OWN_PROCESS, Graders
from autograder.judging.observations import open_observations
from autograder.judging.outcomes import NOT_STARTED, Deferred, Outcome
from autograder.judging.rooms import Rooms, spec_of
from autograder.judging.verdicts import given_up, judged, scaled
from autograder.model import CheckResult, Job, Result, Verdict, overall
from autograder.outline import Exercise
from autograder.stubs import is_untouched

INT_DIGITS = 10_000
"""Digits of an int that the judge can print: as many as one in a reply may have."""

_NOTHING_YET = (Verdict.NOT_ATTEMPTED, Verdict.FAILED, Verdict.DEFERRED)

MOST_COSTLY = 3
"""Checks of one exercise that may use up their time or memory before the others are not run."""


class Judge:
    """The pytest plugin that opens rooms and turns what happens in them into verdicts."""

    def __init__(self, rooms: Rooms, exercises: list[str]) -> None:
        self.rooms = rooms
        self.exercises = exercises
        self.items: dict[str, list[pytest.Item]] = {}
        self.problems: dict[str, str] = {}
        self._results: dict[str, CheckResult] = {}
        self._hopeless: Outcome | None = None
        self._fault: BaseException | None = None
        self.own_process = False
        """Set where this process does nothing but judge: signals are used then."""

    # -- collecting ------------------------------------------------------------------------

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            exercise = self.rooms.course.graded_by(item.path)
            mine = self.items.setdefault(exercise, [])
            if spec_of(item) is None:
                self.problems[exercise] = f"{_place(item)}: {item.name} has no @check"
            for other in (other for other in mine if other.name == item.name):
                words = f"{_place(item)}: a second check is called {item.name}"
                self.problems[exercise] = f"{words}; the other is at {_place(other)}"
            mine.append(item)
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
            self._results[item.name] = judged(item, spec_of(item), error, 0.0)
            self._fault = error
            item.session._setupstate.teardown_exact(None)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """Keep the result; the report is a bare one, since pytest's would quote tracebacks."""
        if call.excinfo is not None or call.when == "call":
            spec = spec_of(item)
            error = call.excinfo.value if call.excinfo else None
            before = self._results.get(item.name)
            if isinstance(error, Outcome) and error.loading:
                self._hopeless = error
            if spec is not None and (before is None or before.verdict is Verdict.PASSED):
                result = judged(item, spec, error, call.duration)
                self._results[item.name] = result
                self._fault = error if result.verdict is Verdict.GRADER_FAULT else None
        how: Literal["passed", "failed"] = "passed" if call.excinfo is None else "failed"
        assert call.when != "collect"
        return pytest.TestReport(item.nodeid, item.location, {}, how, None, call.when)

    def run(self, job: Job) -> Result:
        """Grade one job; never raises for anything that a submission did."""
        exercise = self.rooms.course.exercise(job.exercise)
        items = self.items.get(job.exercise, [])
        total = sum(spec.points for i in items if (spec := spec_of(i)) is not None)
        scale = exercise.points / total if total else 0.0
        if job.exercise in self.problems or not items:
            message = self.problems.get(job.exercise, "no grader was found")
            return Result(
                job.student,
                job.exercise,
                job.seed,
                (),
                exercise.points,
                Verdict.GRADER_FAULT,
                message,
            )
        self.rooms.begin(job)
        if job.only:
            items = [i for i in items if i.name in job.only]
        self._results, self._hopeless = {}, None
        untouched = self._is_stub(exercise, job.source)
        costly: list[Verdict] = []
        for item in items:
            spec = spec_of(item)
            if self._hopeless is not None or len(costly) >= MOST_COSTLY:
                self._results[item.name] = given_up(item, spec, self._hopeless, costly)
                continue
            result = self._checked(item, spec, job, exercise)
            if untouched and result.verdict in _NOTHING_YET:
                # No machine would find more in it: its points are not open either.
                result = replace(
                    result, verdict=Verdict.NOT_ATTEMPTED, message=NOT_STARTED, needs=()
                )
            self._results[item.name] = result
            if result.verdict in (Verdict.TIMED_OUT, Verdict.OUT_OF_MEMORY):
                costly.append(result.verdict)
            if job.until_lost and result.verdict not in (Verdict.PASSED, Verdict.DEFERRED):
                break
        ran = [self._results[i.name] for i in items if i.name in self._results]
        results = tuple(scaled(result, scale) for result in ran)
        return Result(
            job.student,
            job.exercise,
            job.seed,
            results,
            exercise.points,
            overall(results, untouched=untouched),
            self.rooms.signs.words(),
            sandboxed=self.rooms.walls,
            review=tuple(self.rooms.signs.found),
        )

    def _once(self, item: pytest.Item, job: Job) -> tuple[CheckResult, BaseException | None]:
        """One run of a check, and the error that is a fault, if it ended with one."""
        self.rooms.with_job(job)
        self._results.pop(item.name, None)
        self._fault = None
        with self._bounded():
            # Torn down whole each time: which check runs next is known only after this one.
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
        result = self._results.get(item.name)
        if result is None:
            self._fault = RuntimeError("the check did not run")
            result = judged(item, spec_of(item), self._fault, 0.0)
        bench = self.rooms.bench
        if bench is not None and any(m.undecided for m in bench.measured):
            result = replace(result, undecided=result.verdict is Verdict.PASSED)
        return result, self._fault

    def _checked(self, item: pytest.Item, spec: Any, job: Job, exercise: Exercise) -> CheckResult:
        """The result of a check; where it faults, of the runs that tell whose fault that is."""
        result, error = self._once(item, job)
        if error is None:
            return result
        fault, given = faults.recorded(error), self.rooms.bench and self.rooms.bench.given
        if not faults.too_slow(error):
            # A machine that failed for a moment, or a check that does so once in a while: a right
            # answer must not pay for it.
            again, second = self._once(item, job)
            if second is None:
                return replace(again, fault=fault)
        reference = self._reference(exercise)
        if reference is not None:
            hopeless = self._hopeless
            theirs, ours = self._once(item, replace(job, source=reference, files=()))
            self._hopeless = hopeless
            if ours is not None or theirs.verdict is not Verdict.PASSED:
                return replace(result, fault=fault)
        verdict, words = faults.verdict_and_words(error, given, spec.public)
        return replace(result, verdict=verdict, message=words, fault=fault)

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
        if not self.own_process:
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

    def _is_stub(self, exercise: Exercise, source: bytes) -> bool:
        """Whether the submission is the untouched stub, comments and layout apart."""
        path = self.rooms.course.stub(exercise)
        return path.is_file() and is_untouched(source, path.read_bytes())


def _place(item: pytest.Item) -> str:
    return f"{item.path.name}:{(item.location[1] or 0) + 1}"


class _Loop:
    """Replaces pytest's run loop: takes jobs until the other end closes."""

    def __init__(self, judge: Judge, jobs: Any, results: Any) -> None:
        self.judge, self.jobs, self.results = judge, jobs, results

    def _send(self, message: dict[str, Any]) -> None:
        self.results.write(json.dumps(message) + "\n")
        self.results.flush()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._send({"ready": sorted(self.judge.items), "problems": self.judge.problems})
        for line in self.jobs:
            request = json.loads(line)
            request["source"] = base64.b64decode(request["source"])
            request["only"] = tuple(request["only"])
            request["files"] = tuple((n, base64.b64decode(data)) for n, data in request["files"])
            began = time.perf_counter()
            result = self.judge.run(Job(**request))
            self._send({"result": result.as_dict(), "seconds": time.perf_counter() - began})
        return True


def _too_much_work(number: int, frame: FrameType | None) -> NoReturn:
    raise faults.TooMuchWork(f"{faults.CHECK_CPU:.0f} s of CPU time in the judge")


def _die_with_parent() -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def main() -> int:
    """Entry point of the judge process; see the module's docstring."""
    options = json.loads(sys.argv[1])
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, _too_much_work)
    sys.set_int_max_str_digits(INT_DIGITS)
    course = outline.load(Path(options["course"]))
    rooms = Rooms(
        course,
        walls=options["walls"],
        secrets=tuple(Path(p) for p in options["secrets"]),
        slot=options["slot"],
    )
    wanted = [course.exercise(id) for id in options["exercises"]]
    paths = [path for e in wanted for path in course.check_files(e)]
    paths += [Path(p) for p in options["graders"]]
    judge = Judge(rooms, options["exercises"])
    judge.own_process = True
    results = os.fdopen(options["results"], "w", encoding="utf-8")
    loop = _Loop(judge, sys.stdin, results)
    with contextlib.redirect_stdout(sys.stderr):
        try:
            plugins = [checks, loop, Graders(paths), _Named(judge)]
            code = pytest.main([*ARGUMENTS, *OWN_PROCESS], plugins=plugins)
        finally:
            rooms.close()
    return int(code)


class _Named:
    """Registers the judge and its rooms under the names that fixtures ask for."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "kata(spec): a check with points")
        config.pluginmanager.register(self.judge, "kata-judge")
        config.pluginmanager.register(self.judge.rooms, "kata-room")


if __name__ == "__main__":
    sys.exit(main())
