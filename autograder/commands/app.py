"""The commands of `autograde`, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder import __version__
from autograder.commands.audit import audit
from autograder.commands.build import build, release
from autograder.commands.coverage import coverage
from autograder.commands.doctor import doctor
from autograder.commands.grade import grade
from autograder.commands.mutate import mutate
from autograder.commands.stubs import stubs

app = typer.Typer(
    name="autograde",
    help="Grade Python exercises behind walls, with marks that do not flicker.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
app.command()(grade)
app.command()(build)
app.command()(release)
app.command()(audit)
app.command()(mutate)
app.command()(coverage)
app.command()(doctor)
app.command()(stubs)


def _version(asked: bool) -> None:
    if asked:
        print(f"kata {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Grade Python exercises behind walls, with marks that do not flicker."""
