"""`autograde grade`: from a folder of submissions to marks, feedback and a gradebook file."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.commands import recognised
from autograder.commands.ending import report
from autograder.commands.options import (
    CourseOption,
    UnsafeOption,
    as_text,
    need_packages,
    pick,
    stop,
    walls_or_exit,
)
from autograder.commands.which_course import course_of
from autograder.grading import fleet, run
from autograder.grading import private_graders as private_
from autograder.grading.progress_bar import RunProgress
from autograder.grading.store import Store, StoreError, private_paths
from autograder.ingest.enrolling import enrol
from autograder.ingest.layouts import CHOICES
from autograder.ingest.roster import RosterError
from autograder.ingest.roster import load as load_roster
from autograder.ingest.students import LATEST, PICKS
from autograder.ingest.submissions import Submission, SubmissionsError, Taken, take
from autograder.machine import cores
from autograder.outline import Course, Exercise
from autograder.text.clean import one_line
from autograder.text.numbers import counted

INTERRUPTED = 130
JUDGES_A_CORE = 2.5
JUDGE_BYTES = 700 << 20  # a judge and its sandboxes with torch loaded, at their peak


def default_jobs() -> int:
    """How many judges to run at a time: more than cores, as far as memory goes.

    Checks wait much of their time (for sleeps, for clients, for a hung submission's deadline),
    so a judge a core would leave the cores idle half of the time. Timings are ratios within one
    lock, and marks are the same (``docs/decisions/0008-more-judges-than-cores.md``).
    """
    import psutil

    room = psutil.virtual_memory().available // JUDGE_BYTES
    return int(max(1, min(JUDGES_A_CORE * cores(), room)))


def grade(
    given: Annotated[
        str,
        typer.Argument(
            metavar="SUBMISSIONS",
            help="An LMS download, a folder of submissions, or a single submission.",
        ),
    ],
    out_folder: Annotated[str, typer.Option("--out", help="Folder for the results.")] = "out",
    only: Annotated[
        list[str] | None,
        typer.Option(help="Only these exercises or chapters (ids; a,b or repeated)."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1, help="How many submissions to grade at once (default: a few per core)."
        ),
    ] = None,
    seed: Annotated[
        str | None, typer.Option(help="Use this seed for hidden inputs, to repeat an earlier run.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Regrade even if already graded.")] = False,
    db: Annotated[
        str | None, typer.Option(help="Database for the results, as an SQLAlchemy URL.")
    ] = None,
    graders: Annotated[list[Path] | None, typer.Option(help="Folder of private graders.")] = None,
    gradebook: Annotated[
        Path | None, typer.Option(help="nbgrader course folder that gets the marks.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="SOURCE",
            help=f"Where SUBMISSIONS comes from, if it is not recognised: {', '.join(CHOICES)}.",
        ),
    ] = None,
    attempt: Annotated[
        str, typer.Option(help="Which of several attempts counts: latest or first.")
    ] = LATEST,
    roster: Annotated[
        Path | None, typer.Option(help="The class roster: an export of your LMS, or any CSV.")
    ] = None,
    file_times: Annotated[
        bool,
        typer.Option(
            "--file-times",
            help="With --gradebook: where timestamp.txt is missing, use the times of the files.",
        ),
    ] = False,
    course: CourseOption = None,
    unsafe: UnsafeOption = False,
) -> None:
    """Grade submissions: results.jsonl, grades.csv and a feedback page for each student."""
    # A Path of nothing is the current folder, which nobody has asked for.
    for name, path in (("SUBMISSIONS", given), ("--out", out_folder)):
        if not path.strip():
            raise stop(f"{name} is empty")
    submissions, out = Path(given), Path(out_folder)
    as_text("--seed", seed)
    as_text("--db", db)
    for option, value, known in (("--from", source, CHOICES), ("--attempt", attempt, PICKS)):
        if value is not None and value not in known:
            raise stop(f"{option} is one of {', '.join(known)}, not {one_line(value, 60)!r}")
    console = Console(stderr=False)
    opened = course_of(course, submissions, gradebook, console)
    exercises = tuple(pick(opened, only or [], "--only"))
    need_packages(exercises)
    try:
        private_.check(opened, exercises, graders or [])
    except private_.PrivateGradersError as error:
        raise stop(f"--graders {error}") from None
    private = tuple(p.resolve() for p in graders or [])
    if file_times and gradebook is None:
        raise stop("--file-times needs --gradebook")
    if gradebook is not None:
        from autograder.commands.gradebook import check_folder

        check_folder(gradebook, opened, exercises)
    walls = walls_or_exit(unsafe)
    try:
        enrolment = load_roster(roster) if roster is not None else None
        try:
            taken = take(submissions, opened, exercises, source=source or "", pick=attempt)
        except KeyboardInterrupt:
            print("\nStopped while reading the submissions; nothing was graded.", file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None
        except OSError as error:
            raise stop(
                f"{error.filename or submissions} cannot be read: {error.strerror or error}"
            ) from None
        recognised.stop_unless_it_fits(submissions, opened, taken)
        found = taken.submissions
        made = enrol(enrolment, found, exercises) if enrolment is not None else None
        recognised.say(console, taken)  # by the names of the roster
        if enrolment is not None and made is not None:
            recognised.say_roster(console, enrolment, taken, made)
            found = found + made.missing
        with run.output_folder(out):
            kept = Store(db) if db else Store.in_folder(out)
            code = _run(
                opened,
                exercises,
                taken,
                found,
                kept,
                console,
                out=out,
                jobs=jobs or default_jobs(),
                seed=seed,
                fresh=fresh,
                walls=walls,
                private=private,
                submissions=submissions.resolve(),
                gradebook=gradebook,
                db=db,
                file_times=file_times,
            )
    except (SubmissionsError, RosterError, StoreError, run.OutputBusy) as error:
        raise stop(str(error)) from None
    except KeyboardInterrupt:
        words = f"Stopped. What was graded is kept in {db or out}; run the same command again."
        print(f"\n{one_line(words)}", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        raise stop(
            f"{error.filename or out} cannot be written: {error.strerror or error}"
        ) from None
    raise typer.Exit(code)


def _run(
    course: Course,
    exercises: tuple[Exercise, ...],
    taken: Taken,
    found: list[Submission],
    kept: Store,
    console: Console,
    *,
    out: Path,
    jobs: int,
    seed: str | None,
    fresh: bool,
    walls: bool,
    private: tuple[Path, ...],
    submissions: Path,
    gradebook: Path | None = None,
    db: str | None = None,
    file_times: bool = False,
) -> int:
    this_seed = run.run_seed(kept, seed)
    made = run.plan(
        course,
        exercises,
        found,
        kept,
        seed=this_seed,
        asked_seed=seed,
        walls=walls,
        private=private,
        fresh=fresh,
    )
    settings = fleet.Settings(
        course.root,
        tuple(e.id for e in exercises),
        walls,
        (
            submissions,
            out.resolve(),
            *([gradebook.resolve()] if gradebook else []),
            *private,
            *(private_paths(db) if db else ()),
        ),
        private_.files(private),
    )
    if not walls:
        console.print("[bold red]No sandbox:[/] submissions run unprotected, and reports say so.")
    answers = sum(bool(entry.key) for entry in made.entries)
    reused = f", {made.reused} graded before" if made.reused else ""
    once = " (equal ones once)" if answers - made.reused > len(made.jobs) else ""
    console.print(
        f"{counted(len(taken.submissions), 'submission')}, {counted(answers, 'answer')}{reused}, "
        f"{len(made.jobs)} to grade{once}",
        highlight=False,
    )
    began = time.monotonic()
    with RunProgress(len(made.jobs), console) as progress:
        try:
            with fleet.local(min(jobs, max(1, len(made.jobs)))) as pool:
                run.carry_out(
                    made,
                    kept,
                    pool,
                    settings,
                    ahead=2 * jobs,
                    graded=lambda result, answers: progress.advance(),
                )
        except KeyboardInterrupt:
            progress.__exit__(None, None, None)
            done = progress.done
            kept_there = f", and kept in {out}" if not made.unkept else ""
            print(
                f"\nStopped: {done} of {len(made.jobs)} graded{kept_there}. "
                "Run the same command again to go on.",
                file=sys.stderr,
            )
            _say_unkept(made)
            return INTERRUPTED
    run.finished(made, kept, seed)
    people = recognised.people_of(found)
    code, earlier = report(course, made.results, people, console, out, began)
    code = max(code, _say_unkept(made), recognised.close(console, out, taken, people))
    for submission in found:
        if submission.failed:
            words = one_line(f"{submission.student}: {submission.failed}")
            print(f"NOT READ {words}", file=sys.stderr)
            code = 3
    if gradebook is not None:
        from autograder.commands.gradebook import enter
        from autograder.gradebook.entering import Marks

        marks = Marks(found, made.results, submissions, earlier, file_times)
        code = max(code, enter(course, exercises, gradebook, db, marks, console))
    return code


def _say_unkept(made: run.Plan) -> int:
    """Name a store that failed under way; the exit status that this makes."""
    if not made.unkept:
        return 0
    words = f"NOT STORED, so to be graded again next time: {made.unkept}"
    print(one_line(words), file=sys.stderr)
    return 3
