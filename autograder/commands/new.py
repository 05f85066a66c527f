"""`autograde new`: an exercise or a course to begin with."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.command_line.plain_help import Command, Group
from autograder.commands.options import CourseOption, as_text, open_course
from autograder.errors import KataError

if TYPE_CHECKING:
    from autograder.authoring.changes import Changes

app = typer.Typer(
    name="new",
    cls=Group,
    help="Start an exercise or a course from templates.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _one_line(option: str, value: str | None) -> None:
    """Exit 2 where a title is empty, or more than one line of text."""
    as_text(option, value)
    if value is not None and not value.isprintable():
        raise KataError(f"{option} must be one line of printable text")


def _write(plan: Callable[[], Changes]) -> None:
    """Write what ``plan`` gives and name each file; exit 2 where it cannot be written."""
    changes = plan()
    changes.write()
    for path in changes.new:
        print(f"wrote {path}")
    for path in changes.edited:
        print(f"added to {path}")


@app.command(cls=Command)
def exercise(
    id: Annotated[
        str, typer.Argument(metavar="ID", help="Name of the module and of its function.")
    ],
    chapter: Annotated[str, typer.Option(help="Add it to this chapter of the outline.")],
    title: Annotated[str | None, typer.Option(help="Title (default: made from the id).")] = None,
    points: Annotated[float, typer.Option(help="Points that it is worth.")] = 10,
    minutes: Annotated[
        int, typer.Option(min=0, help="Minutes that students should plan for.")
    ] = 20,
    needs: Annotated[
        list[str] | None,
        typer.Option(help="Packages that answers import, such as numpy (a,b or repeated)."),
    ] = None,
    course: CourseOption = None,
) -> None:
    """Add an exercise: solution, stub, grader, specimens, an outline entry.

    The new exercise is small and works. Replace it part by part; `autograde audit ID` lists the
    parts that are left.
    """
    from autograder.authoring import scaffold

    _one_line("--title", title)
    loaded = open_course(course)
    names = tuple(name.strip() for item in needs or [] for name in item.split(","))
    draft = scaffold.Draft(id, title or "", points, minutes, names)
    _write(lambda: scaffold.new_exercise(loaded, chapter, draft))
    where = f" --course {shlex.quote(str(course))}" if course is not None else ""
    print(f"Next: `autograde audit {id}{where}` names the parts to replace.")


@app.command(cls=Command)
def course(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder to write, new or empty.")
    ],
    title: Annotated[
        str | None, typer.Option(help="Title (default: made from the name of the folder).")
    ] = None,
) -> None:
    """Start a course: outline, lesson, one exercise, README."""
    from autograder.authoring import scaffold

    _one_line("--title", title)
    if not str(folder).strip():
        raise KataError("FOLDER is empty")
    _write(lambda: scaffold.new_course(folder, title or ""))
    audit = f"autograde audit {scaffold.FIRST_EXERCISE} --course {shlex.quote(str(folder))}"
    print(f"Next: `{audit}` names the parts to replace.")
