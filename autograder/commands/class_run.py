"""The work of `autograde grade`: checks what was asked for, reads, grades, reports."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import typer
from rich.console import Console

from autograder.commands import recognised
from autograder.commands.ending import LOOK, report, say_not_stored
from autograder.commands.options import (
    as_text,
    need_dask,
    need_packages,
    need_tls,
    pick,
    say_walls,
    walls_asked,
    walls_or_exit,
)
from autograder.commands.which_course import course_of
from autograder.errors import KataError, file_errors
from autograder.grading import private_graders
from autograder.grading.progress_bar import RunProgress
from autograder.grading.run import Here, Options, Place, Plan, grade_class, output_folder
from autograder.ingest.enrolling import enrol
from autograder.ingest.layouts import CHOICES
from autograder.ingest.roster import Roster
from autograder.ingest.roster import load as load_roster
from autograder.ingest.students import PICKS
from autograder.ingest.submissions import Submission, Taken, take
from autograder.model import Result, Walls
from autograder.outline import Course
from autograder.text.clean import one_line
from autograder.text.numbers import counted
from autograder.text.spool import Joined

INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Request:
    """What the command was asked for, in the words of its options."""

    submissions: str
    out: str
    only: list[str]
    jobs: int | None
    seed: str | None
    fresh: bool
    db: str | None
    graders: tuple[Path, ...]
    gradebook: Path | None
    source: str | None
    attempt: str
    roster: Path | None
    file_times: bool
    scheduler: str | None
    mixed: bool
    tls: Path | None
    summary: Path | None
    course: Path | None
    walls: str | None
    network: bool
    unsafe: bool


def run(request: Request) -> int:
    """Grade a class as asked; the exit code."""
    _check_texts(request)
    given, out = Path(request.submissions), Path(request.out)
    console = Console(stderr=False)
    course = course_of(request.course, given, request.gradebook, console)
    options = _options(request, course)
    try:
        with file_errors("cannot be written", out):
            roster = load_roster(request.roster) if request.roster is not None else None
            with _place(request, course, options, console) as place:
                taken = _take(request, course, options)
                submissions = _enrolled(taken, roster, options, console)
                with output_folder(out):
                    class_run = ClassRun(request, course, options, taken, submissions, console)
                    return class_run.grade(place)
    except KeyboardInterrupt:
        kept = request.db or out
        words = f"Stopped. What was graded is kept in {kept}; run the same command again."
        print(f"\n{one_line(words)}", file=sys.stderr)
        return INTERRUPTED


def _check_texts(request: Request) -> None:
    """Exit 2 where an option's value cannot be meant."""
    # A Path of nothing is the current folder, which nobody has asked for.
    for name, text in (("SUBMISSIONS", request.submissions), ("--out", request.out)):
        if not text.strip():
            raise KataError(f"{name} is empty")
    as_text("--seed", request.seed)
    as_text("--db", request.db)
    as_text("--scheduler", request.scheduler)
    for option, value, known in (
        ("--from", request.source, CHOICES),
        ("--attempt", request.attempt, PICKS),
    ):
        if value is not None and value not in known:
            shown = one_line(value, 60)
            raise KataError(f"{option} must be one of {', '.join(known)}, not {shown!r}")
    _check_cluster(request)


def _check_cluster(request: Request) -> None:
    """Exit 2 where options of a cluster do not go together."""
    if request.scheduler is None:
        for name, given in (("--mixed", request.mixed), ("--tls", request.tls)):
            if given:
                raise KataError(f"{name} needs --scheduler")
        return
    need_dask()
    if request.jobs is not None:
        raise KataError("--jobs is for this machine: with --scheduler, workers have --slots")


def _place(
    request: Request, course: Course, options: Options, console: Console
) -> contextlib.AbstractContextManager[Place]:
    """Where the judges work."""
    if request.scheduler is None:
        return contextlib.nullcontext(Here(request.jobs))
    from autograder.commands.clustered import connected

    def say(words: str) -> None:
        console.print(one_line(words, 500), highlight=False, markup=False, soft_wrap=True)

    return connected(request.scheduler, request.tls, course, options, say)


def _options(request: Request, course: Course) -> Options:
    """How the class is graded; exit 2 where it cannot be as asked."""
    exercises = tuple(pick(course, request.only, "--only"))
    need_packages(exercises)
    private_graders.check(course, exercises, request.graders, "--graders")
    gradebook = request.gradebook
    if request.file_times and gradebook is None:
        raise KataError("--file-times needs --gradebook")
    if gradebook is not None:
        from autograder.commands.gradebook import check_folder

        check_folder(gradebook, course, exercises)
    secret = [Path(request.submissions), *([gradebook] if gradebook is not None else [])]
    return Options(
        exercises,
        Path(request.out),
        db=request.db,
        jobs=request.jobs,
        seed=request.seed,
        fresh=request.fresh,
        walls=_walls(request),
        mixed=request.mixed,
        graders=tuple(folder.resolve() for folder in request.graders),
        secrets=tuple(path.resolve() for path in secret),
    )


def _walls(request: Request) -> Walls:
    """What submissions run behind: on a cluster that is for its workers to build."""
    if not request.scheduler:
        return walls_or_exit(request.unsafe, request.walls, request.network)
    walls = walls_asked(request.unsafe, request.walls, request.network)
    need_tls(walls, request.tls)
    return walls


def _take(request: Request, course: Course, options: Options) -> Taken:
    """The class that was given."""
    given = Path(request.submissions)
    try:
        with file_errors("cannot be read", given):
            taken = take(
                given, course, options.exercises, source=request.source or "", pick=request.attempt
            )
    except KeyboardInterrupt:
        print("\nStopped while reading the submissions; nothing was graded.", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    if not taken.fits:
        raise KataError(recognised.nothing_fits(given, course, taken))
    return taken


def _enrolled(
    taken: Taken, roster: Roster | None, options: Options, console: Console
) -> Sequence[Submission]:
    """The submissions, by the names of the roster, and those that are missing; says whose."""
    if roster is None:
        recognised.say(console, taken)
        return taken.submissions
    enrolled = enrol(roster, taken.submissions, options.exercises)
    recognised.say(console, taken)
    recognised.say_roster(console, roster, taken, enrolled)
    return Joined(taken.submissions, enrolled.missing)


@dataclass(slots=True)
class ClassRun:
    """A run on the screen, from what is to grade to its reports.

    It is the :class:`~autograder.grading.run.Progress` of its own grading.
    """

    request: Request
    course: Course
    options: Options
    taken: Taken
    submissions: Sequence[Submission]
    console: Console
    bar: RunProgress = field(init=False)
    plan: Plan | None = None
    began: float = 0.0

    def __post_init__(self) -> None:
        self.bar = RunProgress(self.console)

    def begin(self, plan: Plan) -> None:
        """Say what there is to do."""
        say_walls(self.console, self.options.walls)
        count = len(plan.tasks)
        known = f"{plan.distinct - count} graded before, " if plan.reused else ""
        distinct = f" ({plan.distinct} distinct)" if plan.distinct < plan.answers else ""
        self.console.print(
            f"{counted(len(self.taken.submissions), 'submission')}, "
            f"{counted(plan.answers, 'answer')}{distinct}: {known}{count} to grade",
            highlight=False,
        )
        self.plan, self.began = plan, time.monotonic()
        self.bar.begin(count)

    def meanwhile(self) -> None:
        """Import what the gradebook needs, while judges start."""
        if self.request.gradebook is not None:
            from autograder.commands.gradebook import get_ready

            get_ready(self.course)

    def graded(self, result: Result) -> None:
        """Count it."""
        self.bar.advance()

    def grade(self, place: Place) -> int:
        """Grade at ``place``, then write and show the reports; the exit code."""
        self.bar.where = getattr(place, "described", self.bar.where)
        try:
            with self.bar:
                plan = grade_class(self.course, self.submissions, self.options, self, place)
        except KeyboardInterrupt:
            if self.plan is None:
                raise
            return self._stopped(self.plan)
        return self._reported(plan)

    def _stopped(self, plan: Plan) -> int:
        kept_there = f", and kept in {self.options.out}" if not plan.not_stored else ""
        print(
            f"\nStopped: {self.bar.done} of {len(plan.tasks)} graded{kept_there}. "
            "Run the same command again to continue.",
            file=sys.stderr,
        )
        say_not_stored(plan)
        return INTERRUPTED

    def _reported(self, plan: Plan) -> int:
        out, request, console = self.options.out, self.request, self.console
        people = recognised.people_of(self.submissions)
        summary = request.summary
        code, earlier = report(self.course, plan, people, console, out, self.began, summary)
        code = max(code, say_not_stored(plan), recognised.close(console, out, self.taken, people))
        for submission in self.submissions:
            if submission.failed:
                words = one_line(f"{submission.student}: {submission.failed}")
                print(f"NOT READ {words}", file=sys.stderr)
                code = LOOK
        if request.gradebook is not None:
            from autograder.commands.gradebook import enter
            from autograder.gradebook.entering import Marks

            given = Path(request.submissions).resolve()
            marks = Marks(self.submissions, plan.results, given, earlier, request.file_times)
            exercises, db = self.options.exercises, request.db
            code = max(code, enter(self.course, exercises, request.gradebook, db, marks, console))
        return code
