"""`autograde`: the instructor's command.

Little is imported here, so that Ctrl-C finds this module ready for it.
"""

from __future__ import annotations

import signal
import sys
from typing import Any

UNSEEN = 3
"""Exit code where all was done, and the screen could not be written: a person should look."""


def _app() -> Any:
    from autograder.commands.app import app

    return app(sys.argv[1] if len(sys.argv) > 1 else "")


def main() -> None:
    """Entry point of the console script."""
    asked = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if asked:  # nothing is there yet that would have to be put away
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from autograder.command_line import program

    program.run("autograde", "autograder.cli", _app, UNSEEN, asked)


if __name__ == "__main__":
    main()
