"""Commands about a whole workspace. Bodies import what they need: a start must cost nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.errors import KataError
from autograder.kata.options import Plain, open_workspace, screen, standings_of


def init(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER", help="Folder to make (default: kata; in a workspace, that workspace)."
        ),
    ] = None,
    course: Annotated[
        Path | None,
        typer.Option("--course", help="Use this course folder (default: the bundled course)."),
    ] = None,
) -> None:
    """Make a workspace, or add new exercises and lessons to one. Replaces no file of yours."""
    import sys

    if sys.stdout.isatty():
        # Said before anything is imported: the first command should not look like a hang.
        print("Making your workspace …", flush=True)
    from autograder import outline
    from autograder.kata import setup
    from autograder.text.numbers import counted

    root = (folder or setup.around(Path.cwd()) or Path("kata")).resolve()
    path = str(course.resolve()) if course else setup.course_of(root)
    if not path and not (outline.bundled() / "course" / "outline.toml").is_file():
        raise KataError(
            "this installation (kata-student) has no course of its own: `cd` into the folder that "
            "your instructor gave you, and type `kata`. For self-study, pip install kata-course."
        )
    done = setup.init(root, outline.load(root / path if path else None), path)
    where = done.workspace.shown(done.workspace.root)
    new = counted(done.new, "exercise")
    if done.before:
        print(f"{where} was a workspace before: {new} added, nothing replaced.")
    else:
        print(f"{where} is ready: {new}.")
    move = "" if where == "." else f"cd {where} && "
    print(f"Now: {move}kata")


def show_home(plain: bool) -> None:
    """Where the student is, and what to do next."""
    from autograder.kata import overview

    workspace = open_workspace()
    shown = screen(plain)
    shown.show(overview.home(workspace, standings_of(workspace), shown.plain))
    from autograder.kata import bug_progress, bugs

    hunted = bug_progress.hunts(workspace.folder).values()
    if text := bug_progress.summary(hunted, len(bugs.prepared(workspace.course))):
        from autograder.kata.lines import Line

        shown.show([Line("quiet", text)])
    if workspace.bundle:
        from autograder.kata import help_had

        shown.show(help_had.lines(help_had.about(workspace, "")))


def list_(
    chapter: Annotated[
        str | None,
        typer.Option("--chapter", help="List only this chapter: 2, ch02 or a word of its title."),
    ] = None,
    plain: Plain = False,
) -> None:
    """List every exercise, with your progress."""
    from autograder.kata import naming, overview

    workspace = open_workspace()
    only = naming.chapter(workspace.course, chapter) if chapter else None
    shown = screen(plain)
    shown.show(overview.listing(workspace, standings_of(workspace), only))
    if only is None:
        shown.show(overview.after_list(workspace))


def next_(plain: Plain = False) -> None:
    """Show the next exercise, and what to type."""
    from autograder.kata import overview

    workspace = open_workspace()
    screen(plain).show(overview.coming(workspace, standings_of(workspace)))


def progress(
    export: Annotated[
        Path | None,
        typer.Option("--export", help="Write your progress to this JSON file (- to print it)."),
    ] = None,
    plain: Plain = False,
) -> None:
    """Show your progress by chapter, or write it to a file."""
    import json

    from autograder.kata import overview

    if export is None:
        show_home(plain)
        return
    workspace = open_workspace()
    standings = standings_of(workspace)
    from dataclasses import asdict

    from autograder.kata import bug_progress

    hunted = {id: asdict(hunt) for id, hunt in bug_progress.hunts(workspace.folder).items()}
    values = {**overview.export(workspace, standings), "bugs": hunted}
    text = json.dumps(values, indent=1, ensure_ascii=False)
    if str(export) == "-":
        print(text)
        return
    from autograder.text.atomic import replacing

    try:
        with replacing(export) as file:
            file.write(text + "\n")
    except OSError as error:
        raise KataError(f"{export} was not written: {error.strerror or error}.") from None
    print(f"{export} written.")


def submit(
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write this zip (default: NAME.zip in this folder)."),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name",
            help="Hand in under this name, and keep it (default: the name kept; else kata asks).",
        ),
    ] = None,
    plain: Plain = False,
) -> None:
    """Check your exercises and pack them into a zip for your instructor."""
    from autograder.kata import submit as submit_

    workspace = open_workspace()
    raise typer.Exit(submit_.run(workspace, out, name, screen(plain)))


def doctor(plain: Plain = False) -> None:
    """Show what works here and how to fix what does not.

    Exit with code 1 if exercises cannot be checked.
    """
    from autograder.kata import doctor as doctor_

    raise typer.Exit(doctor_.run(screen(plain)))
