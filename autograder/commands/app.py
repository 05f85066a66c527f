"""The commands of `autograde`, put together."""

from __future__ import annotations

import typer

from autograder.command_line.plain_help import HELP, Command, Group
from autograder.command_line.version import Version
from autograder.commands import build, new
from autograder.commands.audit import audit
from autograder.commands.coverage import coverage
from autograder.commands.doctor import doctor
from autograder.commands.grade import grade
from autograder.commands.gradescope import gradescope
from autograder.commands.mutate import mutate
from autograder.commands.release import release
from autograder.commands.stubs import stubs
from autograder.commands.worker import worker

app = typer.Typer(
    name="autograde",
    cls=Group,
    help="Grade Python exercises in a sandbox, with marks that you can repeat.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings=HELP,
)
app.command(cls=Command)(grade)
app.command(cls=Command)(worker)
app.add_typer(build.app)
app.command(cls=Command)(release)
app.command(cls=Command)(audit)
app.command(cls=Command)(mutate)
app.command(cls=Command)(coverage)
app.command(cls=Command)(doctor)
app.command(cls=Command)(gradescope)
app.command(cls=Command)(stubs)
app.add_typer(new.app)


@app.callback()
def options(version: Version = False) -> None:
    """Grade Python exercises in a sandbox, with marks that you can repeat."""
