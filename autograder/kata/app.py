"""The commands of `kata`, put together."""

from __future__ import annotations

import typer

from autograder.command_line.plain_help import HELP, Command, Group
from autograder.command_line.version import Version
from autograder.kata.bug_options import bug
from autograder.kata.exercise_commands import (
    check,
    hint,
    lesson,
    open_,
    reset,
    show,
    solution,
    watch,
)
from autograder.kata.options import Plain
from autograder.kata.workspace_commands import (
    doctor,
    init,
    list_,
    next_,
    progress,
    show_home,
    submit,
)

app = typer.Typer(
    name="kata",
    cls=Group,
    context_settings=HELP,
    help="Work through the exercises: check, hint, watch, submit.",
    add_completion=True,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command(cls=Command, short_help="Make a workspace, or update one.")(init)
app.command("list", cls=Command)(list_)
app.command("next", cls=Command)(next_)
app.command(cls=Command)(show)
app.command(cls=Command, short_help="Read the lesson about an exercise, or a chapter.")(lesson)
app.command("open", cls=Command, short_help="Open an exercise in your editor, or in JupyterLab.")(
    open_
)
app.command(cls=Command)(check)
app.command(cls=Command, short_help="Check again whenever you save.")(watch)
app.command(cls=Command)(hint)
app.command(cls=Command)(solution)
app.command(cls=Command, short_help="Put stubs back; your own versions are kept.")(reset)
app.command(cls=Command, short_help="Prove a wrong answer wrong, then fix it.")(bug)
app.command(cls=Command)(progress)
app.command(cls=Command, short_help="Pack your exercises into a zip for your instructor.")(submit)
app.command(cls=Command)(doctor)


@app.callback()
def kata(context: typer.Context, plain: Plain = False, version: Version = False) -> None:
    """Work through the exercises; without a command, show where the student is."""
    if context.invoked_subcommand is None:
        show_home(plain)
