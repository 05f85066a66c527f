"""`kata`: the student's command. What it can do is in :mod:`autograder.kata.app`."""

from __future__ import annotations

import signal
from typing import Any

UNSEEN = 2
"""Exit code where all passed, and nobody could be told."""


def _app() -> Any:
    from autograder.kata.app import app

    return app


def main() -> None:
    """Entry point of the console script."""
    asked = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if asked:  # nothing is there yet that would have to be put away
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from autograder.command_line import program

    program.run("kata", "autograder.kata.cli", _app, UNSEEN, asked, wrapped=True)


if __name__ == "__main__":
    main()
