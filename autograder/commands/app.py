"""The commands of `autograde`, put together."""

from __future__ import annotations

import importlib

import typer

from autograder.command_line.plain_help import HELP, Command, Group
from autograder.command_line.version import Version

COMMANDS = (
    "grade",
    "worker",
    "build",
    "release",
    "audit",
    "mutate",
    "coverage",
    "doctor",
    "gradescope",
    "stubs",
    "new",
)
"""In the order of the help. Each has a module of its name, with a function of its name or, where
it has commands of its own, an ``app``."""


def app(asked: str = "") -> typer.Typer:
    """`autograde` with all its commands, or with the one that was asked for by its name: typer
    takes a while for each."""
    whole = typer.Typer(
        name="autograde",
        cls=Group,
        help="Grade Python exercises in a sandbox, with marks that you can repeat.",
        no_args_is_help=True,
        add_completion=True,
        pretty_exceptions_enable=False,
        context_settings=HELP,
    )
    whole.callback()(options)
    for name in (asked,) if asked in COMMANDS else COMMANDS:
        module = importlib.import_module(f"autograder.commands.{name}")
        if hasattr(module, "app"):
            whole.add_typer(module.app)
        else:
            whole.command(cls=Command)(getattr(module, name))
    return whole


def options(version: Version = False) -> None:
    """Grade Python exercises in a sandbox, with marks that you can repeat."""
