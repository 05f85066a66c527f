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
from autograder.judging import checks
from autograder.judging.collecting import ARGUMENTS, OWN_PROCESS, Graders
from autograder.judging.judge import Judge, _Named
from autograder.judging.outcomes import Deferred
from autograder.judging.rooms import Rooms, has, spec_of
from autograder.judging.sides import Bench, generator
from autograder.model import Job, Result, Verdict
from autograder.outline import Course, Exercise
from autograder.sandbox.processes.procfs import tree_cpu
from bench.local import Baselines, Begun, LocalSide, restored
from bench.phases import Phases


class LocalRoom:
    """The sides of one check, all of them modules of this process."""

    def __init__(self, exercise: Exercise, job: Job, check: str, text: bytes, folder: str) -> None:
        self.exercise, self.job, self.check = exercise, job, check
        self.text, self.folder = text, folder
        self.bench = Bench(_no_zygote, 0)
        self.baseline = Baselines(folder)

    def student(self) -> LocalSide:
        return LocalSide(self.exercise.id, self.text, self.folder, bench=self.bench)

    def reference(self) -> LocalSide:
        name = f"reference_{self.exercise.id}"
        return LocalSide(name, self.text, self.folder, "reference", bench=self.bench)

    @cached_property
    def rng(self) -> random.Random:
        return generator(self.job.seed, self.exercise.id, self.check)


def _no_zygote(profile: str, role: str) -> NoReturn:
    raise RuntimeError("the floor forks nothing")


class LocalRooms:
    """What a :class:`Judge` asks for, without a sandbox and with the reference as the student."""

    walls = False

    def __init__(self, course: Course) -> None:
        self.course = course
        self.job: Job | None = None
        self._folder = tempfile.TemporaryDirectory()
        sys.path.insert(0, self._folder.name)

    def with_job(self, job: Job) -> None:
        self.job = job

    @contextlib.contextmanager
    def room(self, item: pytest.Item) -> Iterator[LocalRoom]:
        assert self.job is not None
        spec = spec_of(item)
        for need in spec.needs:
            if not has(need):
                raise Deferred(need)
        exercise = self.course.exercise(self.job.exercise)
        text = self.course.solution(exercise).read_bytes()
        with restored():
            # A spawned child re-imports the main module: there must be none to find.
            sys.modules["__main__"] = types.ModuleType("__main__")
            yield LocalRoom(exercise, self.job, item.name, text, self._folder.name)

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
    from autograder.judging.sides import Pending, Side
    from autograder.sandbox.worker import Worker
    from autograder.sandbox.zygote import Zygote

    phases.wrap(Side, "ask", "work")
    phases.wrap(Pending, "end", "work")
    phases.wrap(Side, "worker", "isolation")
    phases.wrap(Zygote, "start", "import")
    phases.wrap(Worker, "close", "isolation")


class _Loop:
    """Runs the jobs where pytest would run its items."""

    def __init__(self, judge: Judge, jobs: list[Job], phases: Phases) -> None:
        self.judge, self.jobs, self.phases = judge, jobs, phases
        self.results: list[Result] = []
        self.collected = 0.0
        self.by_exercise: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self.last: dict[str, tuple[float, float]] = {}  # wall, CPU of the last student

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.collected = time.time()
        for job in self.jobs:
            began, used = time.perf_counter(), tree_cpu(os.getpid())
            self.results.append(self.judge.run(job))
            spent, used = time.perf_counter() - began, tree_cpu(os.getpid()) - used
            self.last[job.exercise] = (spent, used)
            self.by_exercise[job.exercise] = self.by_exercise.get(job.exercise, 0.0) + spent
            self.cpu[job.exercise] = self.cpu.get(job.exercise, 0.0) + used
        return True


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


def main() -> None:
    options = json.loads(sys.argv[1])
    born = psutil.Process().create_time()
    course = outline.load(Path(options["course"]))
    exercises = [course.exercise(id) for id in options["exercises"]]
    phases = Phases()
    watch(phases, options["mode"])
    rooms: Any
    if options["mode"] == "floor":
        rooms = LocalRooms(course)
        if any(e.profile == "torch" for e in exercises):
            with phases.phase("import"):
                import gc

                import torch

                assert torch is not None
                gc.collect()
                gc.freeze()  # as in the zygote: collections then cost a check only its own objects
    else:
        rooms = Rooms(course)
    judge = Judge(rooms, [e.id for e in exercises])
    loop = _Loop(judge, jobs_for(options, course, exercises), phases)
    paths = [path for e in exercises for path in course.check_files(e)]
    with contextlib.redirect_stdout(sys.stderr):
        plugins = [checks, loop, Graders(paths), _Named(judge)]
        pytest.main([*ARGUMENTS, *OWN_PROCESS], plugins=plugins)
    began = time.perf_counter()
    with phases.phase("report"):
        if options["mode"] == "walls":
            _report(loop.results, course)
    report = time.perf_counter() - began
    with phases.phase("isolation"):
        rooms.close()
    start = loop.collected - born - phases.seconds.get("import", 0.0) * (options["mode"] == "floor")
    ran = [c for r in loop.results for c in r.checks if c.verdict is not Verdict.DEFERRED]
    lost = sorted(
        {
            f"{c.name}: {c.verdict}: {c.message[:300]}"
            for c in ran
            if c.verdict is not Verdict.PASSED
        }
    )
    answer = {
        "phases": {"start": start, **phases.seconds, "report": report},
        "calls": dict(phases.calls),
        "exercises": loop.by_exercise,
        "exercises_cpu": loop.cpu,
        "last": loop.last,
        "checks": len(ran),
        "passed": sum(c.verdict is Verdict.PASSED for c in ran),
        "timed_out": sum(c.verdict is Verdict.TIMED_OUT for c in ran),
        "problems": judge.problems,
        "lost": lost[:40],
    }
    Path(options["answer"]).write_text(json.dumps(answer))


def _report(results: list[Result], course: Course) -> None:
    """The same as at the end of `autograde grade`: the store and every report."""
    from autograder.grading.store import Store
    from autograder.report import write_all

    with tempfile.TemporaryDirectory() as folder:
        kept = Store.in_folder(Path(folder))
        for number, result in enumerate(results):
            kept.put(str(number), result)
        kept.close()
        write_all(Path(folder), results, course, "now")


if __name__ == "__main__":
    main()
