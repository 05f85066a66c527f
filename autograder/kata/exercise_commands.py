"""Commands about exercises. Bodies import what they need: a start must cost nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.errors import KataError
from autograder.kata.options import (
    Name,
    Named,
    Names,
    Plain,
    complete,
    need_packages,
    open_workspace,
    pick,
    pick_first,
    screen,
    standings_of,
)

if TYPE_CHECKING:
    from autograder.kata.workspace import Workspace
    from autograder.outline import Exercise


def show(exercise: Name = None, plain: Plain = False) -> None:
    """Show an exercise: contract, minutes, prerequisites."""
    from autograder.kata import contract, overview, pager
    from autograder.kata.progress import Standing

    workspace = open_workspace()
    chosen = pick(workspace, exercise)
    label = overview.state_words(standings_of(workspace).get(chosen.id, Standing()))
    shown = screen(plain)
    # A reader of plain text wraps it to a width of their own.
    width = 0 if shown.plain else shown.width
    pager.show(shown, "\n".join(map(shown.format, contract.page(workspace, chosen, label, width))))


def lesson(
    exercise: Annotated[
        str | None,
        typer.Argument(
            metavar="ID",
            help="Exercise, whose section is shown, or chapter (default: the exercise saved last).",
            autocompletion=complete,
            show_default=False,
        ),
    ] = None,
    web: Annotated[bool, typer.Option("--web", help="Open the chapter in your browser.")] = False,
    plain: Plain = False,
) -> None:
    """Read the lesson: the section about an exercise, or a whole chapter."""
    from autograder.command_line import exercise_names
    from autograder.kata import lesson_command

    workspace = open_workspace()
    course = workspace.course
    chapter = exercise_names.chapter_or_none(course, exercise) if exercise else None
    chosen = None
    if chapter is None:
        chosen = pick_first(workspace, exercise)
        chapter = next(c for c in course.chapters if chosen in c.exercises)
    raise typer.Exit(lesson_command.run(workspace, chapter, chosen, screen(plain), web))


def open_(
    exercise: Name = None,
    lab: Annotated[bool, typer.Option("--lab", help="Open it in JupyterLab.")] = False,
) -> None:
    """Open an exercise in your editor ($VISUAL, $EDITOR) or in JupyterLab."""
    from autograder.kata import editor

    workspace = open_workspace()
    editor.open_exercise(workspace, pick(workspace, exercise), lab)


def check(
    exercises: Names = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Check every exercise that you have started.")
    ] = False,
    json_: Annotated[
        bool, typer.Option("--json", help="Print one JSON document, for editors.")
    ] = False,
    plain: Plain = False,
) -> None:
    """Run the checks; exit with code 0 only if all of them pass.

    Checks that this machine cannot run (for example, because it has no GPU) and checks that run
    only at grading are listed and do not count.
    """
    from autograder.kata import check_command

    workspace = open_workspace()
    if all_:
        chosen = _started(workspace, workspace.course.exercises)
    elif exercises:
        from autograder.kata import naming

        chosen = naming.several(workspace.course, exercises)
        if len(chosen) > len(exercises):  # a chapter or a section was named
            chosen = _started(workspace, chosen)
    else:
        chosen = [pick(workspace, None)]
    need_packages(chosen)
    raise typer.Exit(check_command.run(workspace, chosen, screen(plain), json_))


def _started(workspace: Workspace, exercises: Iterable[Exercise]) -> list[Exercise]:
    """Those that have something in them; exit 1 if all are untouched."""
    chosen = [e for e in exercises if not workspace.is_stub(e)]
    if not chosen:
        words = "you have not started an exercise yet. `kata next` says where to begin."
        raise KataError(words, exit_code=1)
    return chosen


def watch(exercise: Name = None, plain: Plain = False) -> None:
    """Check again whenever you save, with keys for hint, list, next, reset and quit."""
    from autograder.kata.watch import Watch

    workspace = open_workspace()
    chosen = pick(workspace, exercise)
    standings_of(workspace)
    need_packages([chosen])
    raise typer.Exit(Watch(workspace, chosen, screen(plain)).run())


def hint(exercise: Name = None, plain: Plain = False) -> None:
    """Show a hint; run it again for one more."""
    from autograder.kata import help_command

    workspace = open_workspace()
    raise typer.Exit(help_command.hint(workspace, pick(workspace, exercise), screen(plain)))


def solution(
    exercise: Name = None,
    give_up: Annotated[
        bool,
        typer.Option("--give-up", help="Show it before you have passed; kata notes that you did."),
    ] = False,
    plain: Plain = False,
) -> None:
    """Show the reference beside your own, once you have passed."""
    from autograder.kata import help_command

    workspace = open_workspace()
    chosen = pick(workspace, exercise)
    raise typer.Exit(help_command.solution(workspace, chosen, screen(plain), give_up))


def reset(
    exercises: Named = None,
    all_: Annotated[bool, typer.Option("--all", help="Reset every exercise.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask for confirmation (with --all).")
    ] = False,
) -> None:
    """Put the stubs of the named exercises back; your own versions are kept.

    Without a name, nothing is reset: say which, or pass --all.
    """
    from autograder.kata import help_command, naming

    workspace = open_workspace()
    if all_ == bool(exercises):
        raise KataError("name the exercises to reset (`kata reset count_up`), or pass --all.")
    if all_ and not yes and not typer.confirm("Reset every exercise? Your versions are kept."):
        raise typer.Exit(1)
    chosen = (
        list(workspace.course.exercises)
        if all_
        else naming.several(workspace.course, exercises or [])
    )
    raise typer.Exit(help_command.reset(workspace, chosen))
