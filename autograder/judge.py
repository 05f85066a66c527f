"""The judge: one process, one pytest session, many submissions.

``python -m autograder.judge`` collects the graders once and then takes jobs, a JSON line
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
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from _pytest.runner import runtestprotocol

from autograder import checks, outline
from autograder.model import CheckResult, Job, Result, Verdict, overall
from autograder.observations import open_observations
from autograder.outcomes import CheckFailed, Deferred, Outcome
from autograder.outline import Exercise
from autograder.room import Rooms, spec_of

CHECK_DEADLINE = 300
"""Seconds after which pytest-timeout ends a check: the judge hung, which is our fault."""

MOST_COSTLY = 3
"""Checks of one exercise that may use up their time or memory before the others are not run."""


_NEEDED = {"gpu": "a CUDA GPU", "cores": "two or more cores"}


class Judge:
    """The pytest plugin that opens rooms and turns what happens in them into verdicts."""

    def __init__(self, rooms: Rooms, exercises: list[str]) -> None:
        self.rooms = rooms
        self.exercises = exercises
        self.items: dict[str, list[pytest.Item]] = {}
        self.problems: dict[str, str] = {}
        self._results: dict[str, CheckResult] = {}
        self._hopeless: Outcome | None = None

    # -- collecting ------------------------------------------------------------------------

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            exercise = self.rooms.course.graded_by(item.path)
            mine = self.items.setdefault(exercise, [])
            if spec_of(item) is None:
                self.problems[exercise] = f"{item.nodeid} has no @check"
            if item.name in {other.name for other in mine}:
                self.problems[exercise] = f"{item.path}: a second check is called {item.name}"
            mine.append(item)
        for path in {item.path for item in items}:
            for problem in open_observations(path):
                self.problems[self.rooms.course.graded_by(path)] = problem

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            exercise = self.rooms.course.graded_by(Path(str(report.nodeid)))
            self.problems[exercise] = str(report.longrepr)[-1500:]

    # -- one check -------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool:
        """As pytest's own, but nothing is logged: its reports would pile up, job after job."""
        runtestprotocol(item, log=False, nextitem=nextitem)
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
                self._results[item.name] = judged(item, spec, error, call.duration)
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
                job.student, job.exercise, job.seed, (), exercise.points,
                Verdict.GRADER_FAULT, message,
            )  # fmt: skip
        self.rooms.with_job(job)
        if job.only:
            items = [i for i in items if i.name in job.only]
        self._results, self._hopeless = {}, None
        untouched = self._is_stub(exercise, job.source)
        costly: list[Verdict] = []
        for item in items:
            spec = spec_of(item)
            if self._hopeless is not None or len(costly) >= MOST_COSTLY:
                self._results[item.name] = _given_up(item, spec, self._hopeless, costly)
                continue
            # Torn down whole each time: which check runs next is known only after this one.
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
            result = self._results.get(item.name)
            if result is None:
                text = "the check did not run"
                result = _result(item, spec, Verdict.GRADER_FAULT, text, 0.0)
            if untouched and result.verdict in (Verdict.FAILED, Verdict.DEFERRED):
                # No machine would find more in it: its points are not open either.
                words = "Not started yet."
                result = replace(result, verdict=Verdict.NOT_ATTEMPTED, message=words, needs=())
            self._results[item.name] = result
            if result.verdict in (Verdict.TIMED_OUT, Verdict.OUT_OF_MEMORY):
                costly.append(result.verdict)
            if job.until_lost and result.verdict not in (Verdict.PASSED, Verdict.DEFERRED):
                break
        ran = [self._results[i.name] for i in items if i.name in self._results]
        results = tuple(_scaled(result, scale) for result in ran)
        return Result(
            job.student, job.exercise, job.seed, results, exercise.points, overall(results),
            self.rooms.signs.words(), sandboxed=self.rooms.walls,
            review=tuple(self.rooms.signs.found),
        )  # fmt: skip

    def _is_stub(self, exercise: Exercise, source: bytes) -> bool:
        """Whether the submission is the untouched stub, comments and layout apart."""
        # Compared as lines: parsing a stranger's file could crash the judge.
        path = self.rooms.course.stub(exercise)
        return path.is_file() and _lines(path.read_bytes()) == _lines(source)


def _lines(source: bytes) -> list[bytes]:
    stripped = (line.strip() for line in source.splitlines())
    return [line for line in stripped if line and not line.startswith(b"#")]


def _given_up(
    item: pytest.Item, spec: Any, hopeless: Outcome | None, costly: list[Verdict]
) -> CheckResult:
    """The result of a check that was not run, because running it would say nothing new."""
    if hopeless is not None:
        message = hopeless.public_message if spec.public else hopeless.hidden_message
        return _result(item, spec, hopeless.verdict, message, 0.0)
    how = " or ".join(str(v).replace("out of", "ran out of") for v in dict.fromkeys(costly))
    return _result(item, spec, costly[-1], f"Not run: {len(costly)} checks before it {how}.", 0.0)


def _scaled(result: CheckResult, scale: float) -> CheckResult:
    return replace(
        result,
        points=round(result.points * scale, 4),
        max_points=round(result.max_points * scale, 4),
    )


def _result(
    item: pytest.Item, spec: Any, verdict: Verdict, message: str, seconds: float
) -> CheckResult:
    title = " ".join((item.function.__doc__ or item.name).split("\n\n")[0].split())  # type: ignore[attr-defined]
    earned = spec.points if verdict is Verdict.PASSED else 0.0
    shown = spec.hint if verdict not in (Verdict.PASSED, Verdict.DEFERRED) else ""
    return CheckResult(
        name=item.name,
        title=title,
        verdict=verdict,
        points=earned,
        max_points=spec.points,
        public=spec.public,
        message=message,
        hint=shown,
        seconds=round(seconds, 4),
    )


def judged(
    item: pytest.Item, spec: Any, error: BaseException | None, seconds: float
) -> CheckResult:
    """The result of a check that ended with ``error`` (None: it passed)."""
    if error is None:
        verdict, message = Verdict.PASSED, ""
    elif isinstance(error, Deferred):
        verdict, message = Verdict.DEFERRED, f"Needs {_NEEDED.get(str(error), error)}."
    elif isinstance(error, Outcome):
        verdict = error.verdict
        message = error.public_message if spec.public else error.hidden_message
    elif isinstance(error, CheckFailed):
        verdict, message = Verdict.FAILED, str(error)
    else:
        # A bare assert included: its introspection would show expected values.
        verdict = Verdict.GRADER_FAULT
        message = f"{type(error).__name__}: {error}"[:1500]
    result = _result(item, spec, verdict, message, seconds)
    if isinstance(error, Deferred):
        result = replace(result, needs=tuple({*spec.needs, str(error)} - {""}))
    return result


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
            began = time.perf_counter()
            result = self.judge.run(Job(**request))
            self._send({"result": result.as_dict(), "seconds": time.perf_counter() - began})
        return True


def pytest_arguments(paths: list[Path]) -> list[str]:
    """Options of the judge's pytest session: nothing of the folder it is started in counts."""
    # Every folder from the root downwards is listed and filtered.
    root = os.path.commonpath([path.parent for path in paths]) if paths else "/"
    return [
        *map(str, paths), "-c", os.devnull, "--rootdir", root, "--confcutdir", root,
        "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:anyio", "-p", "no:aiohttp",
        "-q", "--capture=no",
        "--import-mode=importlib", "--continue-on-collection-errors", f"--timeout={CHECK_DEADLINE}",
        "--noconftest", "--assert=plain",
    ]  # fmt: skip


def _die_with_parent() -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def main() -> int:
    """Entry point of the judge process; see the module's docstring."""
    options = json.loads(sys.argv[1])
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    course = outline.load(Path(options["course"]))
    rooms = Rooms(
        course,
        walls=options["walls"],
        secrets=tuple(Path(p) for p in options["secrets"]),
        slot=options["slot"],
    )
    wanted = [course.exercise(id) for id in options["exercises"]]
    paths = [course.grader(e) for e in wanted if course.grader(e).is_file()]
    paths += [Path(p) for p in options["graders"]]
    judge = Judge(rooms, options["exercises"])
    results = os.fdopen(options["results"], "w", encoding="utf-8")
    loop = _Loop(judge, sys.stdin, results)
    with contextlib.redirect_stdout(sys.stderr):
        try:
            code = pytest.main(pytest_arguments(paths), plugins=[checks, loop, _Named(judge)])
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
