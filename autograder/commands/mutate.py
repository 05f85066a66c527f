"""`autograde mutate`: does a grader notice small mistakes in its own reference solution?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from autograder.commands.options import (
    CourseOption,
    ExerciseIds,
    NetworkOption,
    UnsafeOption,
    WallsOption,
    need_packages,
    open_course,
    pick,
    walls_or_exit,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status
    from rich.table import Table

    from autograder.authoring.mutation.running import Fate, Score
    from autograder.outline import Course, Exercise

Fates = dict[str, list["Fate"]]
"""By exercise id."""


def mutate(
    ids: ExerciseIds = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="How many mutants to run at once (default: a few per core)."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show what happened to each mutant.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--record", help="Save the scores in tests/mutants/results.json.")
    ] = False,
    course: CourseOption = None,
    walls: WallsOption = None,
    network: NetworkOption = False,
    unsafe: UnsafeOption = False,
) -> None:
    """Put small mistakes into reference solutions and list those that the grader misses.

    Exit with code 1 if a grader catches fewer than 95 % of the mutants that are not equivalent,
    or if a mutant survives without a reason on record.
    """
    from rich.console import Console

    from autograder.authoring.mutation import running

    loaded = open_course(course)
    behind = walls_or_exit(unsafe, walls, network)
    exercises = pick(loaded, ids or [])
    need_packages(exercises)
    console = Console()
    shown = _Shown(console, sum(len(_current(loaded, e)) for e in exercises), verbose)
    with console.status("mutating …") as shown.status:
        fates = running.run(loaded, exercises, jobs=jobs, walls=behind, progress=shown)
    scores = [running.score(loaded, e, fates[e.id]) for e in exercises]
    console.print(_table(scores))
    good = _say_survivors(console, loaded, exercises, fates)
    if keep:
        running.record(loaded, scores)
    below = [s.exercise for s in scores if s.share < running.AIM]
    if below:
        console.print(f"below {running.AIM:.0%}: {', '.join(below)}", style="red")
    raise typer.Exit(0 if good and not below else 1)


class _Shown:
    """Counts mutants on the screen, and names each with what caught it where that is wanted."""

    def __init__(self, console: Console, total: int, verbose: bool) -> None:
        self.console, self.total, self.verbose = console, total, verbose
        self.done = 0
        self.status: Status | None = None

    def __call__(self, id: str, fate: Fate) -> None:
        self.done += 1
        if self.status is not None:
            self.status.update(f"{self.done} of at most {self.total} mutants, last {id}")
        if self.verbose:
            caught_by = fate.caught_by or "LIVES"
            mutant = fate.mutant
            self.console.print(f"{id} {mutant.line}: {mutant.name} [{caught_by}]", markup=False)


def _current(course: Course, exercise: Exercise) -> set[str]:
    """The names of an exercise's mutants; exit 2 where a reason on record is of none of them."""
    from autograder.authoring.mutation import reasons
    from autograder.authoring.mutation.mutants import mutants
    from autograder.outline import OutlineError

    on_record = reasons.read(course, exercise)
    path = course.solution(exercise)
    if not path.is_file():
        raise OutlineError(f"{path}: exercise {exercise.id!r} has no reference solution")
    names = {m.name for m in mutants(path.read_text(encoding="utf-8"))}
    stale = reasons.stale(on_record, names)
    if stale:
        raise OutlineError(
            f"{reasons.path(course, exercise)}: no mutant is called {stale[0]!r} (any more); "
            "take the entry out, or give it the name it has now (`autograde mutate -v`)"
        )
    return names


def _table(scores: list[Score]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column("exercise")
    for heading in ("mutants", "equivalent", "caught", "alive", "share"):
        table.add_column(heading, justify="right")
    for s in scores:
        numbers = (s.mutants, s.equivalent, s.caught, len(s.survivors))
        table.add_row(s.exercise, *map(str, numbers), f"{s.share:.0%}")
    return table


def _say_survivors(
    console: Console, course: Course, exercises: list[Exercise], fates: Fates
) -> bool:
    """Print what lives without a reason, and grader faults; True where there is neither."""
    from autograder.authoring.mutation import reasons
    from autograder.text.clean import one_line
    from autograder.text.numbers import counted
    from autograder.text.wording import FAULT

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
