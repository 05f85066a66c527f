"""`autograde mutate`: does a grader notice small mistakes in its own reference solution?"""

from __future__ import annotations

from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from autograder.authoring.mutation import reasons, running
from autograder.authoring.mutation.mutants import mutants
from autograder.commands.options import (
    CourseOption,
    UnsafeOption,
    need_packages,
    open_course,
    pick,
    stop,
    walls_or_exit,
)
from autograder.outline import Course, Exercise, OutlineError
from autograder.text.clean import one_line
from autograder.text.numbers import counted
from autograder.text.wording import FAULT


def mutate(
    ids: Annotated[list[str] | None, typer.Argument(help="Exercises; all when left out.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="How many mutants to run at once.")] = 1,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show what became of each mutant.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--record", help="Keep the scores in tests/mutants/results.json.")
    ] = False,
    course: CourseOption = None,
    unsafe: UnsafeOption = False,
) -> None:
    """Put small mistakes into reference solutions: which does the grader not notice?

    Exit code 1 where a grader catches fewer than 95 % of the mutants that differ, or one
    lives without a reason on record.
    """
    opened = open_course(course)
    walls = walls_or_exit(unsafe)
    exercises = pick(opened, ids or [])
    need_packages(exercises)
    console = Console()
    try:
        for exercise in exercises:
            _stop_at_stale(opened, exercise)
        total = sum(len(_all(opened, e)) for e in exercises)
        with console.status("mutating …") as status:
            done = 0

            def progress(id: str, fate: running.Fate) -> None:
                nonlocal done
                done += 1
                status.update(f"{done} of at most {total} mutants, last {id}")
                if verbose:
                    console.print(
                        f"{id} {fate.mutant.line}: {fate.mutant.name} "
                        f"[{fate.caught_by or 'LIVES'}]",
                        markup=False,
                    )

            fates = running.run(opened, exercises, jobs=jobs, walls=walls, progress=progress)
    except OutlineError as error:
        raise stop(str(error)) from None
    scores = [running.score(opened, e, fates[e.id]) for e in exercises]
    console.print(_table(scores))
    good = _say_survivors(console, opened, exercises, fates)
    if keep:
        running.record(opened, scores)
    below = [s.exercise for s in scores if s.share < running.AIM]
    if below:
        console.print(f"below {running.AIM:.0%}: {', '.join(below)}", style="red")
    raise typer.Exit(0 if good and not below else 1)


def _all(course: Course, exercise: Exercise) -> set[str]:
    path = course.solution(exercise)
    if not path.is_file():
        raise OutlineError(f"{path}: exercise {exercise.id!r} has no reference solution")
    return {m.name for m in mutants(path.read_text(encoding="utf-8"))}


def _stop_at_stale(course: Course, exercise: Exercise) -> None:
    old = reasons.stale(reasons.read(course, exercise), _all(course, exercise))
    if old:
        raise OutlineError(
            f"{reasons.path(course, exercise)}: no mutant is called {old[0]!r} (any more); "
            "take the entry out, or give it the name it has now (`autograde mutate -v`)"
        )


def _table(scores: list[running.Score]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column("exercise")
    for heading in ("mutants", "equivalent", "caught", "alive", "share"):
        table.add_column(heading, justify="right")
    for s in scores:
        numbers = (s.mutants, s.equivalent, s.caught, len(s.survivors))
        table.add_row(s.exercise, *map(str, numbers), f"{s.share:.0%}")
    return table


def _say_survivors(
    console: Console,
    course: Course,
    exercises: list[Exercise],
    fates: dict[str, list[running.Fate]],
) -> bool:
    """Print what lives without a reason, and grader faults; True where there is neither."""
    good = True
    faults: dict[str, list[str]] = {}
    for exercise in exercises:
        accepted = reasons.read(course, exercise).accepted
        for fate in fates[exercise.id]:
            where = f"{course.solution(exercise).name}:{fate.mutant.line}"
            if fate.fault:
                good = False
                faults.setdefault(f"{exercise.id}: {fate.fault}", []).append(where)
            elif not fate.caught_by and fate.mutant.name not in accepted:
                good = False
                console.print(f"{where} lives: {fate.mutant.name}", markup=False)
            elif fate.caught_by and fate.mutant.name in accepted:
                good = False
                console.print(
                    f"{where} is on record as accepted, but {fate.caught_by} "
                    f"caught it: {fate.mutant.name}",
                    markup=False,
                )
    for words, places in faults.items():
        console.print(
            f"{FAULT} {one_line(words)} ({counted(len(places), 'mutant')})",
            markup=False,
            highlight=False,
            style="red",
        )
    return good
