"""Grading the graders: the stub earns nothing, right answers everything, wrong ones lose
points on the check that was made for them, and all of it stays so.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from autograder.authoring.completeness import missing
from autograder.authoring.specimens import Specimen, specimens
from autograder.grading.fleet import Fleet
from autograder.grading.tasks import Task
from autograder.judging.settings import JudgeSettings
from autograder.model import CheckResult, Job, Result, Verdict, Walls
from autograder.outline import Course, Exercise


@dataclass(frozen=True, slots=True)
class Options:
    """How graders are audited.

    The first of ``repeat`` runs is of all checks. Repeats of a wrong specimen run the check made
    for it alone: whether that one catches it every time is the question. ``quick`` does so from
    the first run on, and leaves unseen what the other checks make of a wrong answer. ``only``
    keeps the specimens whose name contains it. Of the right specimens beside the reference, and
    of the wrong ones, ``sample`` per exercise are run, drawn at random (by ``seed``, if given).
    ``jobs`` is how many run at once, :func:`~autograder.grading.fleet.default_judges` when None.
    """

    repeat: int = 1
    jobs: int | None = None
    walls: Walls = Walls.NAMESPACES
    seed: str | None = None
    only: str = ""
    quick: bool = False
    sample: int | None = None


@dataclass(slots=True)
class Finding:
    """What the audit saw of one specimen over all repeats."""

    exercise: str
    specimen: Specimen
    runs: int = 0
    problems: list[str] = field(default_factory=list)
    faulted: list[Result] = field(default_factory=list)
    """Results in which a check failed by itself: the same fault may meet every specimen."""
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        return not self.problems and not self.faulted


def judge_run(specimen: Specimen, result: Result) -> list[str]:
    """What is wrong with one result of a specimen, faults of the grader's own apart; empty if
    it is as it must be."""
    problems = [specimen.problem] if specimen.problem else []
    decided = tuple(c for c in result.checks if c.verdict is not Verdict.GRADER_FAULT)
    if not decided:
        if not result.checks and not result.faulted:
            problems.append(f"there is no check {specimen.check}")
        return problems
    for check in decided:
        if check.fault:
            words = check.fault.splitlines()[-1]
            problems.append(f"{check.name} cannot read what it gives: {words}")
    lost = [c for c in decided if c.points < c.max_points and c.verdict != Verdict.DEFERRED]
    if specimen.expected == "full":
        problems += [f"lost {c.name}: {c.verdict}: {c.message}" for c in lost]
    elif specimen.expected == "stub":
        if result.points:
            problems.append(f"the stub earned {result.points}")
        problems += [
            f"{c.name} says {c.verdict}"
            for c in decided
            if c.verdict is not Verdict.NOT_ATTEMPTED and c.verdict is not Verdict.DEFERRED
        ]
    else:
        problems += _wrong(specimen, result.checks, lost)
        if specimen.misses_the_point and 2 * result.points >= result.max_points:
            earned = f"{result.points:g} of {result.max_points:g}"
            problems.append(f"it misses the point of the exercise and earns {earned} points")
    return problems


def _wrong(
    specimen: Specimen, checks: tuple[CheckResult, ...], lost: list[CheckResult]
) -> list[str]:
    if not specimen.check:
        return []
    made_for = [c for c in checks if c.name == specimen.check]
    if not made_for:
        return [f"there is no check {specimen.check}"]
    if made_for[0] not in lost:
        if made_for[0].verdict in (Verdict.DEFERRED, Verdict.GRADER_FAULT):
            return []
        return [f"{specimen.check} passed it (lost: {[c.name for c in lost] or 'nothing'})"]
    return [] if made_for[0].message.strip() else [f"{specimen.check} gave no message"]


@contextmanager
def load(cores: int) -> Iterator[None]:
    """Keep ``cores`` cores busy for as long as the block lasts."""
    context = multiprocessing.get_context("spawn")
    burners = [
        context.Process(target=_burn, args=(os.getpid(),), daemon=True) for _ in range(cores)
    ]
    for burner in burners:
        burner.start()
    try:
        yield
    finally:
        for burner in burners:
            burner.terminate()
            burner.join()


def _burn(parent: int) -> None:
    while os.getppid() == parent:
        sum(range(100_000))


def _drawn(known: list[Specimen], sample: int | None, seed: str | None) -> list[Specimen]:
    """``known`` with at most ``sample`` of its right specimens, and of its wrong ones."""
    if sample is None:
        return known
    chance = random.Random(seed)
    right = [s for s in known if s.expected == "full" and s.name != "reference"]
    wrong = [s for s in known if s.expected == "loses"]
    left_out: list[Specimen] = []
    for kind in (right, wrong):
        left_out += chance.sample(kind, max(0, len(kind) - sample))
    left_out = [one for one in left_out if not one.problem]
    return [s for s in known if s not in left_out]


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of a specimen, ``number`` from 0."""

    finding: Finding
    number: int
    job: Job


def audit(
    course: Course,
    exercises: list[Exercise],
    options: Options | None = None,
    progress: Callable[[Finding], None] | None = None,
) -> list[Finding]:
    """Run every specimen ``repeat`` times, each time with another seed.

    Returns one finding per specimen that was run, in the order of the outline. ``progress`` is
    told of each when its last run has ended.
    """
    options = options or Options()
    findings, runs = _planned(course, exercises, options)
    results: dict[str, Result] = {}
    settings = JudgeSettings(course.root, tuple(e.id for e in exercises), options.walls)
    with Fleet(course, settings, options.jobs) as fleet:
        for graded in fleet.grade_all(Task(key, run.job) for key, run in runs.items()):
            key, finding = graded.task.key, runs[graded.task.key].finding
            results[key] = graded.result
            if not graded.again:
                finding.runs += 1
                if progress is not None and finding.runs == options.repeat:
                    progress(finding)
    for key, run in runs.items():
        _note(run, results[key])
    return findings


def _planned(
    course: Course, exercises: list[Exercise], options: Options
) -> tuple[list[Finding], dict[str, _Run]]:
    """What exercises lack, a finding per specimen to run, and the runs by a key."""
    findings: list[Finding] = []
    runs: dict[str, _Run] = {}
    for exercise in exercises:
        lacks = missing(course, exercise)
        complete = course.check_files(exercise) and course.solution(exercise).is_file()
        if lacks and not (options.only and complete):
            findings.append(Finding(exercise.id, Specimen("(parts)", b"", "full"), 0, lacks))
        if not complete:
            continue
        for specimen in _drawn(specimens(course, exercise), options.sample, options.seed):
            if options.only not in specimen.name:
                continue
            finding = Finding(exercise.id, specimen)
            findings.append(finding)
            for number in range(options.repeat):
                key = f"{exercise.id}/{specimen.name}/{number}"
                runs[key] = _Run(finding, number, _job(exercise, specimen, number, options))
    return findings, runs


def _job(exercise: Exercise, specimen: Specimen, number: int, options: Options) -> Job:
    seed = options.seed
    if number and seed:  # the first run is the one that is to be repeated
        seed = f"{seed}-{number}"
    alone = (number or options.quick) and specimen.expected == "loses"
    checks = (specimen.check,) if alone else ()
    return Job(specimen.name, exercise.id, specimen.source, seed or secrets.token_hex(8), checks)


def _note(run: _Run, result: Result) -> None:
    """Add what is wrong with a run's result to its finding."""
    finding = run.finding
    finding.seconds += sum(c.seconds for c in result.checks)
    if result.faulted:
        finding.faulted.append(result)
    for problem in judge_run(finding.specimen, result):
        words = f"{problem} (seed {run.job.seed})" if run.number else problem
        finding.problems.append(words)
