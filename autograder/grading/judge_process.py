"""``grade(job) -> Result``: a judge process that can be asked, and is replaced if it dies."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import time
from dataclasses import asdict, replace
from types import TracebackType
from typing import Any

from autograder.grading.launching import Direct, Launched, NotLaunched, Nursery, tail
from autograder.judging.settings import JudgeSettings
from autograder.model import Job, Result, Verdict
from autograder.outline import Course
from autograder.sandbox import cgroups

_START_DEADLINE = 120.0
_JOB_DEADLINE = 1800.0


class JudgeDied(Exception):
    """The judge process ended or fell silent; the message holds the end of its log."""


class JudgeSilent(JudgeDied):
    """It is there, but has not answered before the deadline."""


def _line_of(job: Job) -> bytes:
    """A job as the judge reads it: one line of JSON, bytes in base64."""
    files = [[name, base64.b64encode(data).decode()] for name, data in job.files]
    source = base64.b64encode(job.source).decode()
    return json.dumps({**asdict(job), "source": source, "files": files}).encode() + b"\n"


class Grader:
    """One judge process. Not to be shared between threads; make one for each."""

    def __init__(
        self, course: Course, settings: JudgeSettings, nursery: Nursery | None = None
    ) -> None:
        """``nursery``, if given, has the same settings and forks the judge."""
        self.course, self._settings, self._nursery = course, settings, nursery
        self._process: Launched | None = None
        self._buffer = b""
        self._killed = False

    def __enter__(self) -> Grader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> dict[str, str]:
        """Start the judge; returns what is wrong with which grader (exercise id to words)."""
        self.close()
        try:
            self._process = self._nursery.judge() if self._nursery else Direct(self._settings)
        except NotLaunched as error:
            raise JudgeDied(str(error)) from None
        if self._killed:  # while it was being started
            self._process.kill()
        problems = self._line(_START_DEADLINE).get("problems", {})
        assert isinstance(problems, dict)
        return problems

    def _line(self, seconds: float) -> dict[str, Any]:
        assert self._process is not None
        deadline = time.monotonic() + seconds
        while b"\n" not in self._buffer:
            left = deadline - time.monotonic()
            ready, _, _ = select.select([self._process.results], [], [], max(0.0, left))
            if not ready:
                raise JudgeSilent(tail(self._process.log))
            data = os.read(self._process.results, 1 << 20)
            if not data:
                raise JudgeDied(tail(self._process.log))
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        message = json.loads(line)
        assert isinstance(message, dict)
        return message

    def grade(self, job: Job) -> Result:
        """Grade one job; a judge that dies is replaced, and the job done once more.

        One that dies again, though not of the reference solution, died of the submission.
        """
        died: JudgeDied | OSError
        try:
            return self._graded(job)
        except (JudgeDied, OSError) as error:
            self.close()
            died = error
        if not self._killed:
            with contextlib.suppress(JudgeDied, OSError):
                # A judge that fell silent has cost enough.
                if not isinstance(died, JudgeSilent):
                    return self._graded(job)
            self.close()
        verdict, message = Verdict.GRADER_FAULT, f"the judge ended: {died}"
        if not self._killed and self._holds(job):
            verdict = Verdict.CRASHED
            message = "The judge ended while it read what your code gave, and does not otherwise."
        points = self.course.exercise(job.exercise).points
        return Result(
            job.student, job.exercise, job.seed, (), points, verdict, message, self._settings.walls
        )

    def _graded(self, job: Job) -> Result:
        if self._process is None or not self._process.alive:
            self.start()
        assert self._process is not None
        self._process.jobs.write(_line_of(job))
        self._process.jobs.flush()
        return Result.from_dict(self._line(_JOB_DEADLINE)["result"])

    def _holds(self, job: Job) -> bool:
        """Whether a judge survives the reference solution on the same inputs."""
        try:
            solution = self.course.solution(self.course.exercise(job.exercise)).read_bytes()
            return (
                self._graded(replace(job, source=solution, files=())).verdict
                is not Verdict.GRADER_FAULT
            )
        except (JudgeDied, OSError):
            self.close()
            return False

    def kill(self) -> None:
        """End the judge at once and for good, from any thread; its sandboxes die with it."""
        self._killed = True
        process = self._process
        if process is not None:
            process.kill()

    def hang_up(self) -> None:
        """Tell an idle judge that there is no more work, without waiting for it to end."""
        if self._process is not None:
            with contextlib.suppress(OSError):
                self._process.jobs.close()

    def close(self) -> None:
        """End the judge and its sandboxes."""
        self.hang_up()
        process, self._process = self._process, None
        if process is not None:
            if not process.wait(5):
                process.kill()
                process.wait(5)
            process.close()
            cgroups.sweep()  # what a judge that was killed could not take away
        self._buffer = b""
