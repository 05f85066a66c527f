"""`autograde audit`: is every grader right, and does it stay so?"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.commands.options import (
    CourseOption,
    ExerciseIds,
    NetworkOption,
    UnsafeOption,
    WallsOption,
    as_text,
    need_packages,
    open_course,
    pick,
    walls_or_exit,
)
from autograder.errors import KataError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from autograder.authoring.audit import Finding, Options
    from autograder.outline import Course, Exercise


def audit(
    ids: ExerciseIds = None,
    repeat: Annotated[int, typer.Option(min=1, help="Run each specimen N times.")] = 1,
    load: Annotated[
        bool, typer.Option("--load", help="Keep every core busy during the runs.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="How many specimens to run at once (default: a few per core)."),
    ] = None,
    only: Annotated[
        str | None, typer.Option(help="Run only specimens whose name contains this text.")
    ] = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Run wrong answers only through the check that they name."),
    ] = False,
    sample: Annotated[
        int | None,
        typer.Option(min=0, help="Run N right and N wrong answers per exercise, drawn at random."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show one row per specimen.")
    ] = False,
    seed: Annotated[
        str | None, typer.Option(help="Use this seed for hidden inputs, to repeat an earlier run.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Run nothing; say what exercises still lack.")
    ] = False,
    course: CourseOption = None,
    walls: WallsOption = None,
    network: NetworkOption = False,
    unsafe: UnsafeOption = False,
) -> None:
    """Test the graders with the stub and with known right and wrong answers.

    Exit with code 1 unless the stub earns nothing, each right answer earns everything, and each
    wrong answer fails the check that it names.
    """
    from rich.console import Console

    from autograder.authoring import completeness
    from autograder.authoring.audit import Options

    as_text("--only", only)
    as_text("--seed", seed)
    loaded = open_course(course)
    if dry_run:
        _stop_at_orphans(loaded, ids or [])
        raise typer.Exit(_say_missing(loaded, pick(loaded, ids or []), orphans=not ids))
    behind = walls_or_exit(unsafe, walls, network)
    _stop_at_orphans(loaded, ids or [])
    exercises = pick(loaded, ids or [])
    need_packages(exercises)
    options = Options(repeat, jobs, behind, seed, only or "", quick, sample)
    console = Console()
    findings = _findings(loaded, exercises, options, console, load=load)
    if not findings:
        named = ", ".join(e.id for e in exercises)
        raise KataError(f"no specimen of {named} has {only!r} in its name")
    whole = verbose or len(exercises) == 1
    console.print(_specimens(findings) if whole else _exercises(findings))
    orphans = completeness.orphans(loaded) if not ids and not only else []
    raise typer.Exit(0 if _say_bad(console, findings, orphans) else 1)


def _say_missing(course: Course, exercises: list[Exercise], *, orphans: bool) -> int:
    """Print what exercises lack; 1 where that is anything."""
    from autograder.authoring import completeness
    from autograder.text.numbers import counted

    words = [f"{e.id}: {lack}" for e in exercises for lack in completeness.missing(course, e)]
    words += completeness.orphans(course) if orphans else []
    for text in dict.fromkeys(words):
        print(text)
    print(f"{counted(len(exercises), 'exercise')}, {counted(len(words), 'gap')}")
    return 1 if words else 0


def _findings(
    course: Course, exercises: list[Exercise], options: Options, console: Console, *, load: bool
) -> list[Finding]:
    """Run the specimens; the screen says how far it is."""
    from autograder.authoring import audit as audit_

    busy = audit_.load(os.cpu_count() or 1) if load else contextlib.nullcontext()
    with busy, console.status("auditing …") as status:
        done = 0

        def progress(finding: Finding) -> None:
            nonlocal done
            done += 1
            status.update(
                f"auditing … {done} done, last {finding.exercise}/{finding.specimen.name}"
            )

        return audit_.audit(course, exercises, options, progress)


def _say_bad(console: Console, findings: list[Finding], orphans: list[str]) -> bool:
    """Print what is wrong with whom, orphans and counts; True where all is good."""
    from autograder.report.faults import grouped
    from autograder.text.numbers import counted

    bad = [f for f in findings if not f.good]
    for fault in grouped(result for f in bad for result in f.faulted):
        console.print(
            fault.line("specimen"), style="red", markup=False, highlight=False, soft_wrap=True
        )
    for f in (f for f in bad if f.problems):
        console.print(f"{f.exercise}/{f.specimen.name}", style="red")
        problems = list(dict.fromkeys(f.problems))
        for problem in sorted(problems)[:6] if f.runs else problems:
            console.print(f"  {problem}", markup=False, soft_wrap=True)
    for words in orphans:
        console.print(words, style="red", markup=False, highlight=False, soft_wrap=True)
    runs = sum(f.runs for f in findings)
    counts = f"{counted(len(findings), 'specimen')}, {counted(runs, 'run')}"
    console.print(f"{counts}, {counted(len(bad) + len(orphans), 'failure')}")
    return not bad and not orphans


def _stop_at_orphans(course: Course, ids: list[str]) -> None:
    """Exit 2 where one of ``ids`` is no exercise and files of that name are there."""
    from autograder.authoring import completeness

    known = {*(e.id for e in course.exercises), *(chapter.id for chapter in course.chapters)}
    for id in (id.strip() for item in ids for id in item.split(",")):
        orphans = completeness.orphans(course, id) if id and id not in known else []
        if orphans:
            raise KataError(f"no exercise is called {id!r}\n  " + "\n  ".join(orphans))


def _table(*headings: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for heading in headings:
        number = heading in ("right", "wrong", "runs", "failures", "s each")
        table.add_column(heading, justify="right" if number else "left", no_wrap=number)
    return table


def _specimens(findings: list[Finding]) -> Table:
    table = _table("specimen", "expected", "runs", "failures", "s each")
    last = ""
    for f in findings:
        if f.exercise != last:
            table.add_row(f"[bold]{f.exercise}[/]")
            last = f.exercise
        failures = len(f.problems) + len(f.faulted)
        short = f"[red]{failures}[/]" if failures else "0"
        expected = {"stub": "nothing", "full": "everything"}.get(f.specimen.expected, "")
        each = f"{f.seconds / max(1, f.runs):.2f}"
        table.add_row(
            f"  {f.specimen.name}", f.specimen.check or expected, str(f.runs), short, each
        )
    return table


def _exercises(findings: list[Finding]) -> Table:
    table = _table("exercise", "right", "wrong", "runs", "failures", "s each")
    for exercise in dict.fromkeys(f.exercise for f in findings):
        mine = [f for f in findings if f.exercise == exercise]
        right = sum(f.specimen.expected == "full" and f.runs > 0 for f in mine)
        wrong = sum(f.specimen.expected != "full" for f in mine)
        runs = sum(f.runs for f in mine)
        short = sum(not f.good for f in mine)
        table.add_row(
            exercise,
            str(right),
            str(wrong),
            str(runs),
            f"[red]{short}[/]" if short else "0",
            f"{sum(f.seconds for f in mine) / max(1, runs):.2f}",
        )
    return table
