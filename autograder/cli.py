"""`autograde`: the instructor's command.

Little is imported here, so that Ctrl-C finds this module ready for it.
"""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Entry point of the console script."""
    asked = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    try:
        if asked:  # nothing is there yet that would have to be put away
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        from autograder.commands.app import app

        if asked:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        app()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
