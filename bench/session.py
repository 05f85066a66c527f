"""Every check of some jobs in one pytest session of this process: the floor, and the profile.

``python -m bench.session '{"course": …, "mode": "floor" | "walls", …}'`` prints one JSON
object. ``floor`` runs the graders on the trusted reference with :mod:`bench.local`, without
isolation. ``walls`` is the real thing with a single judge, and says where its time goes.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import sys
import tempfile
import time
import types
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

import psutil
import pytest

from autograder import outline
from autograder.judging import process, pytest_session
from autograder.judging.judge import Judge
from autograder.judging.outcomes import Deferred
from autograder.judging.protocols import Rooms, Side
from autograder.judging.rooms import WorkerRooms, generator, spec_of
from autograder.judging.scope import CheckScope
from autograder.judging.settings import JudgeSettings
from autograder.judging.signs import Signs
from autograder.machine import has
from autograder.model import Job, Result, Verdict, Walls
from autograder.outline import Course, Exercise
from autograder.sandbox.processes import tree_cpu
from bench.local import Baselines, Begun, LocalSide
from bench.phases import Phases
from bench.restoring import restored


class LocalRoom:
    """The sides of one check, all of them modules of this process."""

    def __init__(self, exercise: Exercise, job: Job, check: str, text: bytes, folder: str) -> None:
        self.exercise, self.job, self.check = exercise, job, check
        self.text, self.folder = text, folder
        self.scope = CheckScope(_no_workers, 0)
        self._baselines = Baselines(folder, scope=self.scope, unlimited=True)

    def _side(self, name: str, role: str) -> Side:
        side: Side = LocalSide(name, self.text, self.folder, role, self.scope, unlimited=True)
        return side

    def student(self) -> Side:
        return self._side(self.exercise.id, "student")

    def reference(self) -> Side:
        return self._side(f"reference_{self.exercise.id}", "reference")

    def baseline(self, source: str) -> Side:
        side: Side = self._baselines(source)
        return side

    @cached_property
    def rng(self) -> random.Random:
        return generator(self.job.seed, self.exercise.id, self.check)


def _no_workers(profile: str, role: str) -> NoReturn:
    raise RuntimeError("the floor forks nothing")


class LocalRooms:
    """The rooms of a judge without a sandbox; the reference is the student."""

    walls = Walls.NONE

    def __init__(self, course: Course) -> None:
        self.course = course
        self.job: Job | None = None
        self.signs = Signs()
        self.scope: CheckScope | None = None
        self._folder = tempfile.TemporaryDirectory()
        sys.path.insert(0, self._folder.name)

    def begin(self, job: Job) -> None:
        self.signs = Signs()

    def with_job(self, job: Job) -> None:
        self.job, self.scope = job, None

    @contextlib.contextmanager
    def room(self, item: pytest.Item) -> Iterator[LocalRoom]:
        assert self.job is not None
        spec = spec_of(item)
        for need in spec.needs if spec is not None else ():
            if not has(need):
                raise Deferred(need)
        exercise = self.course.exercise(self.job.exercise)
        text = self.reference_source(exercise)
        with restored():
            # A spawned child re-imports the main module: there must be none to find.
            sys.modules["__main__"] = types.ModuleType("__main__")
            room = LocalRoom(exercise, self.job, item.name, text, self._folder.name)
            self.scope = room.scope
            yield room

    def reference_source(self, exercise: Exercise) -> bytes:
        return self.course.solution(exercise).read_bytes()

    def close(self) -> None:
        self._folder.cleanup()


def watch(phases: Phases, mode: str) -> None:
    """Divide the judge's work into phases by wrapping what does it."""
    phases.wrap(Judge, "run", "judge")
    if mode == "floor":
        phases.wrap(LocalSide, "ask", "work")
        phases.wrap(Begun, "end", "work")
        phases.wrap(LocalSide, "batch", "work")
        return
    from autograder.judging.sides import Pending, WorkerSide
    from autograder.sandbox.worker import Worker
    from autograder.sandbox.zygote import Zygote

    phases.wrap(WorkerSide, "_ask", "work")
    phases.wrap(Pending, "end", "work")
    phases.wrap(WorkerSide, "worker", "isolation")
    phases.wrap(Zygote, "start", "import")
    phases.wrap(Worker, "close", "isolation")


class Log:
    """What a judge did with its jobs, and what each took."""

    def __init__(self) -> None:
        self.results: list[Result] = []
        self.problems: dict[str, str] = {}
        self.collected = 0.0
        self.by_exercise: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self.last: dict[str, tuple[float, float]] = {}  # wall, CPU of the last student

    def run(self, judge: Judge, jobs: list[Job]) -> None:
        """Run the jobs, where pytest would run its items."""
        self.collected, self.problems = time.time(), judge.problems
        for job in jobs:
            began, used = time.perf_counter(), tree_cpu(os.getpid())
            self.results.append(judge.run(job))
            spent, used = time.perf_counter() - began, tree_cpu(os.getpid()) - used
            self.last[job.exercise] = (spent, used)
            self.by_exercise[job.exercise] = self.by_exercise.get(job.exercise, 0.0) + spent
            self.cpu[job.exercise] = self.cpu.get(job.exercise, 0.0) + used

    def as_dict(self) -> dict[str, Any]:
        """The figures of all jobs."""
        ran = [c for r in self.results for c in r.checks if c.verdict is not Verdict.DEFERRED]
        lost = [c for c in ran if c.verdict is not Verdict.PASSED]
        return {
            "exercises": self.by_exercise,
            "exercises_cpu": self.cpu,
            "last": self.last,
            "checks": len(ran),
            "passed": len(ran) - len(lost),
            "timed_out": sum(c.verdict is Verdict.TIMED_OUT for c in ran),
            "problems": self.problems,
            "lost": sorted({f"{c.name}: {c.verdict}: {c.message[:300]}" for c in lost})[:40],
        }


def jobs_for(options: dict[str, Any], course: Course, exercises: list[Exercise]) -> list[Job]:
    """One job for each student and exercise, in the order of the folder."""
    jobs = []
    for student in options["students"]:
        for exercise in exercises:
            if options["mode"] == "floor":
                text = b""
            else:
                folder = Path(options["submissions"], student, exercise.chapter)
                text = (folder / f"{exercise.id}.py").read_bytes()
            jobs.append(Job(student, exercise.id, text, options.get("seed", "bench")))
    return jobs


def _rooms(course: Course, settings: JudgeSettings, mode: str, phases: Phases) -> Rooms:
    if mode != "floor":
        return WorkerRooms(course, settings)
    if any(course.exercise(id).profile == "torch" for id in settings.exercises):
        with phases.phase("import"):
            import gc

            import torch

            assert torch is not None
            gc.collect()
            gc.freeze()  # as in the zygote: collections then cost a check only its own objects
    return LocalRooms(course)


def main() -> None:
    options = json.loads(sys.argv[1])
    born, mode = psutil.Process().create_time(), options["mode"]
    course = outline.load(Path(options["course"]))
    settings = JudgeSettings(course.root, tuple(options["exercises"]))
    phases, log = Phases(), Log()
    watch(phases, mode)
    rooms = _rooms(course, settings, mode, phases)
    jobs = jobs_for(options, course, [course.exercise(id) for id in settings.exercises])
    with contextlib.redirect_stdout(sys.stderr):
        pytest_session.run(
            process.graders(course, settings),
            lambda: Judge(rooms),
            lambda judge: log.run(judge, jobs),
        )
    began = time.perf_counter()
    with phases.phase("report"):
        if mode == "walls":
            _report(log.results, course)
    report = time.perf_counter() - began
    with phases.phase("isolation"):
        rooms.close()
    start = log.collected - born - phases.seconds.get("import", 0.0) * (mode == "floor")
    answer = {
        "phases": {"start": start, **phases.seconds, "report": report},
        "calls": dict(phases.calls),
        **log.as_dict(),
    }
    Path(options["answer"]).write_text(json.dumps(answer))


def _report(results: list[Result], course: Course) -> None:
    """The same as at the end of `autograde grade`: the store and every report."""
    from autograder.grading.file_store import FileStore
    from autograder.report import write_all
    from autograder.report.feedback import RunInfo

    with tempfile.TemporaryDirectory() as folder:
        store = FileStore.in_folder(Path(folder))
        for number, result in enumerate(results):
            store.put(str(number), result)
        store.close()
        write_all(Path(folder), results, course, RunInfo(course.title, "now"))


if __name__ == "__main__":
    main()
