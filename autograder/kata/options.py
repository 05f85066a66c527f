"""Options and openings that the commands share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.errors import KataError

if TYPE_CHECKING:
    from autograder.kata.progress import Standing
    from autograder.kata.terminal import Screen
    from autograder.kata.workspace import Workspace
    from autograder.outline import Exercise


def open_workspace() -> Workspace:
    """The workspace around here, or exit 2 with how to make one."""
    from autograder.kata import workspace

    return workspace.find()


def standings_of(workspace: Workspace) -> dict[str, Standing]:
    """What the progress file says; exit 2 where it cannot be read."""
    return workspace.progress.standings()


def pick(workspace: Workspace, name: str | None) -> Exercise:
    """The exercise called so; without a name the one saved last, or the next one."""
    from autograder.kata import naming

    if name is None:
        exercise = naming.last_saved(workspace) or naming.following(
            workspace.course, standings_of(workspace)
        )
        return exercise or workspace.course.exercises[-1]
    return naming.one(workspace.course, name)


def pick_first(workspace: Workspace, name: str | None) -> Exercise:
    """As :func:`pick`; the first exercise of a section that has several."""
    from autograder.kata import naming

    return pick(workspace, None) if name is None else naming.several(workspace.course, [name])[0]


def need_packages(exercises: Sequence[Exercise]) -> None:
    """Exit 2 where a package that one of the exercises needs is not installed."""
    from autograder.packages import missing

    words = missing(exercises)
    if words:
        raise KataError(words)


def screen(plain: bool) -> Screen:
    """Standard output, as the options and the environment want it."""
    import os

    from autograder.kata.terminal import Screen

    return Screen(plain or bool(os.environ.get("KATA_PLAIN")))


def complete(incomplete: str) -> list[tuple[str, str]]:
    """Exercises for the shell's completion; nothing where there is no workspace."""
    from autograder.kata import workspace

    try:
        course = workspace.find().course
    except workspace.WorkspaceError:
        return []
    return [(e.id, e.title) for e in course.exercises if e.id.startswith(incomplete)]


Plain = Annotated[
    bool,
    typer.Option("--plain", help="Use words instead of symbols and colours (or set KATA_PLAIN=1)."),
]
Name = Annotated[
    str | None,
    typer.Argument(
        metavar="ID",
        help="Exercise: its id, the beginning of it, its section or its file "
        "(default: the one saved last).",
        autocompletion=complete,
        show_default=False,
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ID",
        help="Exercises: ids, sections or files, or chapters (default: the one saved last).",
        autocompletion=complete,
        show_default=False,
    ),
]
Named = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ID",
        help="Exercises: ids, sections or files, or chapters.",
        autocompletion=complete,
        show_default=False,
    ),
]
"""For a command that takes no exercise unless it is named."""
