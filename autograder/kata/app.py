"""The commands of `kata`. Bodies import what they need: a start must cost nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.command_line.plain_help import Command
from autograder.kata.options import (
    Name,
    Names,
    Plain,
    need_packages,
    open_workspace,
    pick,
    screen,
    standings_of,
    stop,
)

app = typer.Typer(
    name="kata",
    help="Work through the exercises: check, hint, watch, submit.",
    add_completion=True,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        from autograder import __version__

        print(f"kata {__version__}")
        raise typer.Exit


@app.callback()
def kata(
    context: typer.Context,
    plain: Plain = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Work through the exercises: check, hint, watch, submit. Alone: where am I?"""
    if context.invoked_subcommand is None:
        from autograder.kata import overview

        workspace = open_workspace()
        shown = screen(plain)
        shown.show(overview.home(workspace, standings_of(workspace), shown.plain))


@app.command(cls=Command, short_help="Make a workspace, or bring one up to date.")
def init(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Folder to make: kata by default; within a workspace, that one."),
    ] = None,
    course: Annotated[
        Path | None,
        typer.Option("--course", help="A course folder; the workspace's or the bundled one."),
    ] = None,
) -> None:
    """Make a workspace, or add what a newer course has to one; replaces nothing."""
    from autograder import outline
    from autograder.kata import setup
    from autograder.kata.workspace import WorkspaceError
    from autograder.text.numbers import counted

    try:
        root = (folder or setup.around(Path.cwd()) or Path("kata")).resolve()
        kept = str(course.resolve()) if course else setup.course_of(root)
        opened = outline.load(root / kept if kept else None)
        made = setup.init(root, opened, kept)
    except (outline.OutlineError, WorkspaceError) as error:
        stop(str(error))
    where = made.workspace.shown(made.workspace.root)
    new = counted(made.new, "exercise")
    if made.before:
        print(f"{where} was a workspace before: {new} added, nothing replaced.")
    else:
        print(f"{where} is ready: {new}.")
    move = "" if where == "." else f"cd {where} && "
    print(f"Now: {move}kata")


@app.command("list", cls=Command)
def list_(
    chapter: Annotated[
        str | None, typer.Option("--chapter", help="Only this one: 2, ch02 or a word of its title.")
    ] = None,
    plain: Plain = False,
) -> None:
    """Every exercise and how far it is."""
    from autograder.kata import naming, overview

    workspace = open_workspace()
    try:
        only = naming.chapter(workspace.course, chapter) if chapter else None
    except naming.Unknown as error:
        stop(str(error))
    shown = screen(plain)
    shown.show(overview.listing(workspace, standings_of(workspace), only))
    if only is None:
        shown.show(overview.after_list(workspace))


@app.command("next", cls=Command)
def next_(plain: Plain = False) -> None:
    """The next exercise, and what to type."""
    from autograder.kata import overview

    workspace = open_workspace()
    screen(plain).show(overview.coming(workspace, standings_of(workspace)))


@app.command(cls=Command)
def show(exercise: Name = None, plain: Plain = False) -> None:
    """What an exercise asks for: contract, minutes, prerequisites."""
    from autograder.kata import overview

    workspace = open_workspace()
    chosen = pick(workspace, exercise)
    standing = standings_of(workspace).get(chosen.id)
    from autograder.kata.progress import Standing

    screen(plain).show(overview.contract(workspace, chosen, standing or Standing()))


@app.command("open", cls=Command, short_help="Open an exercise in your editor, or in JupyterLab.")
def open_(
    exercise: Name = None,
    lab: Annotated[bool, typer.Option("--lab", help="In JupyterLab.")] = False,
) -> None:
    """Open an exercise in your editor ($VISUAL, $EDITOR) or in JupyterLab."""
    from autograder.kata import editor

    workspace = open_workspace()
    try:
        editor.open_exercise(workspace, pick(workspace, exercise), lab)
    except editor.NoEditor as error:
        stop(str(error))


@app.command(cls=Command)
def check(
    exercises: Names = None,
    all_: Annotated[bool, typer.Option("--all", help="Every exercise that was started.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="One JSON document, for editors.")] = False,
    plain: Plain = False,
) -> None:
    """Run the checks; exit 0 only when all of them passed.

    Checks that this machine cannot run (a GPU is missing, say) and those that run at grading
    only are named, and do not count.
    """
    from autograder.kata import check_command

    workspace = open_workspace()
    if all_:
        chosen = [e for e in workspace.course.exercises if not workspace.is_stub(e)]
        if not chosen:
            stop("no exercise was started yet. `kata next` says where to begin.", 1)
    elif exercises:
        from autograder.kata import naming

        try:
            chosen = naming.several(workspace.course, exercises)
        except naming.Unknown as error:
            stop(str(error))
    else:
        chosen = [pick(workspace, None)]
    need_packages(chosen)
    raise typer.Exit(check_command.run(workspace, chosen, screen(plain), json_))


@app.command(cls=Command, short_help="Check again whenever you save.")
def watch(exercise: Name = None, plain: Plain = False) -> None:
    """Check again whenever you save; keys for hint, list, next, reset, quit."""
    from autograder.kata.watch import Watch

    workspace = open_workspace()
    chosen = pick(workspace, exercise)
    standings_of(workspace)
    need_packages([chosen])
    raise typer.Exit(Watch(workspace, chosen, screen(plain)).run())


@app.command(cls=Command)
def hint(exercise: Name = None, plain: Plain = False) -> None:
    """A hint; each time one more."""
    from autograder.kata import help_command

    workspace = open_workspace()
    raise typer.Exit(help_command.hint(workspace, pick(workspace, exercise), screen(plain)))


@app.command(cls=Command)
def solution(
    exercise: Name = None,
    give_up: Annotated[
        bool, typer.Option("--give-up", help="Show it although it is not passed; remembered.")
    ] = False,
    plain: Plain = False,
) -> None:
    """The reference beside your own, once you have passed."""
    from autograder.kata import help_command

    workspace = open_workspace()
    chosen = pick(workspace, exercise)
    raise typer.Exit(help_command.solution(workspace, chosen, screen(plain), give_up))


@app.command(cls=Command)
def reset(
    exercises: Names = None,
    all_: Annotated[bool, typer.Option("--all", help="Every exercise.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask (for --all).")] = False,
) -> None:
    """Put the stub back; what it replaces is kept."""
    from autograder.kata import help_command, naming

    workspace = open_workspace()
    if all_ == bool(exercises):
        stop("name the exercises to reset, or --all of them.")
    if all_ and not yes and not typer.confirm("Reset every exercise? Your versions are kept."):
        raise typer.Exit(1)
    try:
        chosen = (
            list(workspace.course.exercises)
            if all_
            else naming.several(workspace.course, exercises or [])
        )
    except naming.Unknown as error:
        stop(str(error))
    raise typer.Exit(help_command.reset(workspace, chosen))


@app.command(cls=Command)
def progress(
    export: Annotated[
        Path | None, typer.Option("--export", help="Write it all to this JSON file (- to print).")
    ] = None,
    plain: Plain = False,
) -> None:
    """How far you are, by chapter; or as a file."""
    import json

    from autograder.kata import overview

    workspace = open_workspace()
    standings = standings_of(workspace)
    if export is None:
        shown = screen(plain)
        shown.show(overview.home(workspace, standings, shown.plain))
        return
    text = json.dumps(overview.export(workspace, standings), indent=1, ensure_ascii=False)
    if str(export) == "-":
        print(text)
        return
    from autograder.text.atomic import replacing

    try:
        with replacing(export) as file:
            file.write(text + "\n")
    except OSError as error:
        stop(f"{export} was not written: {error.strerror or error}.")
    print(f"{export} written.")


@app.command(cls=Command, short_help="Pack what you have into a zip for your instructor.")
def submit(
    out: Annotated[
        Path | None, typer.Option("--out", help="The zip to write; NAME.zip here by default.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="Your name for the zip; your user name by default.")
    ] = None,
    plain: Plain = False,
) -> None:
    """Pack what you have into a zip for your instructor, and check it first."""
    from autograder.kata import submit as submit_

    workspace = open_workspace()
    try:
        code = submit_.run(workspace, out, name, screen(plain))
    except submit_.NotPacked as error:
        stop(str(error))
    raise typer.Exit(code)


@app.command(cls=Command, short_help="What works here, and the fix for what does not.")
def doctor(plain: Plain = False) -> None:
    """What works here, with the fix for what does not; exit 1 if exercises cannot be checked."""
    from autograder.kata import doctor as doctor_

    raise typer.Exit(doctor_.run(screen(plain)))
