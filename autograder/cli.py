"""`autograde`: the instructor's command."""

from __future__ import annotations

import typer

from autograder.commands.audit import audit
from autograder.commands.stubs import stubs

app = typer.Typer(
    name="autograde",
    help="Grade Python exercises behind walls, with marks that do not flicker.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
app.command()(audit)
app.command()(stubs)


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
