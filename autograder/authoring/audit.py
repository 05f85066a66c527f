"""Grading the graders: the stub earns nothing, right answers everything, wrong ones lose
points on the check that was made for them, and all of it stays so.

A specimen's first line says what it is:

    # right: counts down an internal iterator
    # wrong: __iter__ starts over  [test_iter_keeps_progress]

For a wrong one the name in brackets is the check that must take points from it, with a
message.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

from autograder.authoring.completeness import missing
from autograder.grading.judge_process import Grader
from autograder.model import CheckResult, Job, Result, Verdict
from autograder.outline import Course, Exercise

_FIRST_LINE = re.compile(r"#\s*(right|wrong):\s*(.*?)(?:\s*\[(\w+)\])?\s*$")


@dataclass(frozen=True, slots=True)
class Specimen:
    """An answer whose mark is known. ``expected`` is ``stub``, ``full`` or ``loses``."""

    name: str
    source: bytes
    expected: str
    check: str = ""
    problem: str = ""


@dataclass(slots=True)
class Finding:
    """What the audit saw of one specimen over all repeats."""

    exercise: str
    specimen: Specimen
    runs: int = 0
    problems: list[str] = field(default_factory=list)
    faulted: list[Result] = field(default_factory=list)
    """Results in which a check failed by itself: the same fault may meet every specimen."""
    messages: set[str] = field(default_factory=set)
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        return not self.problems and not self.faulted


def specimens(course: Course, exercise: Exercise) -> list[Specimen]:
    """The stub, the reference and everything in the exercise's specimen folder."""
    found = []
    if course.stub(exercise).is_file():
        found.append(Specimen("stub", course.stub(exercise).read_bytes(), "stub"))
    found.append(Specimen("reference", course.solution(exercise).read_bytes(), "full"))
    folder = course.specimens(exercise)
    for path in sorted(folder.glob("*.py")) if folder.is_dir() else []:
        found.append(_specimen(path))
    return found


def _specimen(path: Path) -> Specimen:
    source = path.read_bytes()
    match = _FIRST_LINE.match(source.decode("utf-8", "replace").partition("\n")[0])
    kind = path.stem.partition("_")[0]
    if match is None or match[1] != kind:
        problem = f"its first line must be `# {kind}: what it does`"
        return Specimen(path.stem, source, "full" if kind == "right" else "loses", "", problem)
    if kind == "wrong" and not match[3]:
        problem = "its first line must name the check made for it in [brackets]"
        return Specimen(path.stem, source, "loses", "", problem)
    return Specimen(path.stem, source, "full" if kind == "right" else "loses", match[3] or "")


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


def _drawn(found: list[Specimen], sample: int | None, seed: str | None) -> list[Specimen]:
    """``found`` with at most ``sample`` of its right specimens, and of its wrong ones."""
    if sample is None:
        return found
    chance = random.Random(seed)
    right = [s for s in found if s.expected == "full" and s.name != "reference"]
    wrong = [s for s in found if s.expected == "loses"]
    left_out: list[Specimen] = []
    for kind in (right, wrong):
        left_out += chance.sample(kind, max(0, len(kind) - sample))
    left_out = [one for one in left_out if not one.problem]
    return [s for s in found if s not in left_out]


def audit(
    course: Course,
    exercises: list[Exercise],
    *,
    repeat: int = 1,
    jobs: int = 1,
    walls: bool = True,
    seed: str | None = None,
    only: str = "",
    quick: bool = False,
    sample: int | None = None,
    progress: Callable[[Finding], None] | None = None,
) -> list[Finding]:
    """Run every specimen ``repeat`` times, each time with another seed.

    The first run is of all checks. Repeats of a wrong specimen run the check made for it alone:
    whether that one catches it every time is the question. ``quick`` does so from the first run
    on, and leaves unseen what the other checks make of a wrong answer. ``only`` keeps the
    specimens whose name contains it. Of the right specimens beside the reference, and of the wrong
    ones, ``sample`` per exercise are run, drawn at random (by ``seed``, if given).

    Returns one finding per specimen that was run, in the order of the outline.
    """
    findings: list[Finding] = []
    work: list[tuple[Finding, int]] = []
    for exercise in exercises:
        lacks = missing(course, exercise)
        runs = course.check_files(exercise) and course.solution(exercise).is_file()
        if lacks and not (only and runs):
            findings.append(Finding(exercise.id, Specimen("(parts)", b"", "full"), 0, lacks))
        if not runs:
            continue
        for specimen in _drawn(specimens(course, exercise), sample, seed):
            if only and only not in specimen.name:
                continue
            finding = Finding(exercise.id, specimen)
            findings.append(finding)
            work += [(finding, i) for i in range(repeat)]
    graders: SimpleQueue[Grader] = SimpleQueue()
    made = [Grader(course, [e.id for e in exercises], walls=walls) for _ in range(jobs)]
    for grader in made:
        graders.put(grader)

    def run(task: tuple[Finding, int]) -> None:
        finding, number = task
        grader = graders.get()
        try:
            # The first run is the one that is to be repeated.
            own = f"{seed}-{number}" if number and seed else seed
            run_seed = own or secrets.token_hex(8)
            specimen = finding.specimen
            alone = (specimen.check,) if (number or quick) and specimen.expected == "loses" else ()
            job = Job(specimen.name, finding.exercise, specimen.source, run_seed, alone)
            result = grader.grade(job)
        finally:
            graders.put(grader)
        finding.runs += 1
        finding.seconds += sum(c.seconds for c in result.checks)
        if result.faulted:
            finding.faulted.append(result)
        for problem in judge_run(finding.specimen, result):
            finding.problems.append(f"{problem} (seed {run_seed})" if number else problem)
        finding.messages |= {c.message for c in result.checks if c.name == finding.specimen.check}
        if progress is not None and finding.runs == repeat:
            progress(finding)

    try:
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(run, work))
    finally:
        for grader in made:
            grader.close()
    return findings
