"""Hidden graders as ordinary pytest files, for one submission:

    pytest autograder/graders --submission PATH [--seed S]

For anyone who writes a grader: pytest's own selection (``-k``, ``-x``, ``--lf``) on one answer.
The graders of another course folder need ``-p autograder.plain --course DIR``. Marks come
from ``autograde grade``; here a check passes, fails with what a student would read, or is
skipped where this machine lacks what it needs.
"""

from __future__ import annotations

import secrets
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from autograder import outline, packages
from autograder.errors import KataError
from autograder.ingest.submissions import Submission, SubmissionsError, collect
from autograder.judging import checks
from autograder.judging.outcomes import CheckFailed, Deferred, Outcome
from autograder.judging.rooms import WorkerRooms
from autograder.judging.settings import JudgeSettings
from autograder.model import Job, Walls
from autograder.sandbox import bubblewrap, tiers


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("kata", "graders of a course")
    group.addoption("--submission", type=Path, help="the one submission to run the graders on")
    group.addoption("--seed", help="repeat the hidden inputs of this seed")
    group.addoption("--course", type=Path, help="a course folder; the bundled one by default")
    group.addoption("--walls", help="namespaces or container; $KATA_WALLS or namespaces by default")
    group.addoption(
        "--allow-network",
        dest="network",
        action="store_true",
        help="with --walls container: accept that the submission reaches the network",
    )
    group.addoption(
        "--unsafe-no-sandbox",
        action="store_true",
        help="run the submission without the sandbox (unsafe)",
    )


def pytest_configure(config: pytest.Config) -> None:
    if not config.pluginmanager.has_plugin("kata-checks"):
        config.pluginmanager.register(checks, "kata-checks")
    if config.getoption("--submission") is not None:
        plugin = _OneSubmission(config)
        config.stash[checks.ROOMS] = plugin.rooms
        config.pluginmanager.register(plugin)


def _walls(config: pytest.Config) -> Walls:
    """What the submission runs behind."""
    if config.getoption("--unsafe-no-sandbox"):
        return Walls.NONE
    try:
        return tiers.built(tiers.asked(config.getoption("--walls"), config.getoption("network")))
    except bubblewrap.SandboxUnavailable as error:
        raise pytest.UsageError(f"{error}\n  Or pass --unsafe-no-sandbox.") from None


class _OneSubmission:
    """Gives each check its submission, as the judge does, and words its end for a terminal."""

    def __init__(self, config: pytest.Config) -> None:
        try:
            walls = _walls(config)
            self.course = outline.load(config.getoption("--course"))
            self.submission = self._one(config.getoption("--submission"))
        except KataError as error:
            raise pytest.UsageError(str(error)) from None
        self.seed: str = config.getoption("--seed") or secrets.token_hex(16)
        self.rooms = WorkerRooms(self.course, JudgeSettings(self.course.root, walls=walls))

    def _one(self, path: Path) -> Submission:
        submissions = collect(path, self.course, self.course.exercises)
        if len(submissions) != 1:
            raise SubmissionsError(f"{path} holds {len(submissions)} submissions; name one of them")
        return submissions[0]

    def pytest_report_header(self) -> str:
        return f"submission: {self.submission.student}; --seed {self.seed} repeats its inputs"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Choose the answer that a check looks at; skip where the submission has none."""
        exercise = self.course.exercise(self.course.graded_by(item.path))
        if problem := packages.missing([exercise]):
            raise pytest.UsageError(problem)
        answer = self.submission.answers.get(exercise.id)
        if answer is None or answer.source is None:
            pytest.skip(answer.message if answer else f"no {exercise.id}.py in this submission")
        job = Job(
            self.submission.student, exercise.id, answer.source, self.seed, files=answer.files
        )
        self.rooms.with_job(job)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, Any, Any]:
        report = yield
        error = call.excinfo.value if call.excinfo else None
        if isinstance(error, Deferred):
            report.outcome = "skipped"
            report.longrepr = (str(item.path), item.location[1] or 0, f"deferred: needs {error}")
        elif isinstance(error, Outcome):
            report.outcome, report.longrepr = "failed", error.public_message
        elif isinstance(error, CheckFailed):
            report.outcome, report.longrepr = "failed", str(error)
        return report

    def pytest_unconfigure(self) -> None:
        self.rooms.close()
