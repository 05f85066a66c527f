"""The options of ``kata bug``. The body imports what it needs: a start must cost nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.errors import KataError
from autograder.kata.options import Plain, complete, need_packages, open_workspace, pick, screen


def bug(
    exercise: Annotated[
        str | None,
        typer.Argument(
            metavar="ID",
            help="Exercise (default: the bug in progress, or the next one).",
            autocompletion=complete,
            show_default=False,
        ),
    ] = None,
    call: Annotated[
        str | None,
        typer.Argument(
            metavar="CALL",
            help="Try this call: an expression, or a .py file whose last line is one.",
            show_default=False,
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Run the checks on the file that you fixed.")
    ] = False,
    hint: Annotated[
        bool, typer.Option("--hint", help="Show what the bug breaks; costs a point.")
    ] = False,
    reset: Annotated[
        bool, typer.Option("--reset", help="Put the wrong answer back; yours is kept.")
    ] = False,
    plain: Plain = False,
) -> None:
    """Find a call that proves a wrong answer wrong, then fix it.

    Finding a bug is worth 2 points, each hint costs one of them, and fixing it is worth 1.
    """
    from autograder.kata import bug_command

    workspace = open_workspace()
    if exercise is not None and call is None and "(" in exercise:
        exercise, call = None, exercise
    chosen = bug_command.pick(workspace) if exercise is None else pick(workspace, exercise)
    if check + hint + reset + (call is not None) > 1:
        raise KataError("give one of CALL, --check, --hint and --reset.")
    need_packages([chosen])
    found = bug_command.load(workspace, chosen)
    hunt = bug_command.begin(workspace, chosen, found)
    shown = screen(plain)
    if check:
        raise typer.Exit(bug_command.check(workspace, chosen, shown))
    if hint:
        raise typer.Exit(bug_command.hint(workspace, chosen, hunt, shown))
    if reset:
        raise typer.Exit(bug_command.reset(workspace, chosen, found, shown))
    if call is not None:
        text = bug_command.call_of(call)
        raise typer.Exit(bug_command.attempt(workspace, chosen, text, shown))
    shown.show(bug_command.shown(workspace, chosen, hunt))
