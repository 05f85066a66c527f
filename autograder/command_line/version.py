"""``--version``, as `autograde` and `kata` have it."""

from __future__ import annotations

from typing import Annotated

import typer


def _show(asked: bool) -> None:
    if asked:
        from autograder import __version__

        print(f"kata {__version__}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option(
        "--version", "-V", callback=_show, is_eager=True, help="Show the version and exit."
    ),
]
