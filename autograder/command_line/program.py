"""How a program starts and ends, whatever it was started from: `autograde` and `kata` share this.

A :class:`~autograder.errors.KataError` that a command lets pass is printed here and ends it.
A screen may go away (``| head``, a closed terminal, a full disk behind ``>``): the work goes on,
for its results are files. A signal that asks the program to end is like ctrl-C. Little is
imported here: a start must cost nothing.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import select
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn

from autograder import environment
from autograder.errors import KataError

INTERRUPTED = 130
_PATIENCE = 10.0  # seconds that putting away what runs may take before a second ctrl-C ends it

SOLID = "\0"
"""In place of a blank where no line may be broken."""

_COMMAND = re.compile(r"`[^`\n]{1,48}`")

_asked: list[tuple[int, float]] = []
"""The signal that asked the program to end, and when."""


def run(
    name: str,
    module: str,
    load: Callable[[], Any],
    unseen: int,
    interruptible: bool,
    wrapped: bool = False,
) -> NoReturn:
    """Run the typer app that ``load`` imports and gives back, and exit as it says.

    ``module`` is what starts the program again (``python -m``), ``unseen`` the exit code where all
    went well but could not be shown. ``interruptible`` says that ctrl-C is not to be ignored.
    ``wrapped`` breaks the line of an error between words where it meets a terminal's edge.
    """
    _fill_descriptors()
    environment.restart(module)
    environment.without_slow_imports()
    _steady_streams()
    app = load()
    _listen(interruptible)
    code: Any = 0
    try:
        app(prog_name=name)
    except KeyboardInterrupt:
        code = _stopped(True)
    except SystemExit as error:
        code = error.code
        if code == INTERRUPTED:
            # Typer makes this of a ctrl-C that a command did not answer itself.
            code = _stopped(
                isinstance(getattr(error.__context__, "__cause__", None), KeyboardInterrupt)
            )
    except KataError as error:
        _complain(f"{name}: {error}", wrapped)
        code = error.exit_code
    except OSError as error:
        words = error.strerror or str(error)
        _complain(f"{name}: {error.filename}: {words}" if error.filename else f"{name}: {words}")
        code = 2
    sys.exit(_shown(name, code, unseen))


def unbroken(text: str) -> str:
    """The text with :data:`SOLID` for each blank of a command in it, which is to be copied."""
    return _COMMAND.sub(lambda found: found[0].replace(" ", SOLID), text)


def _complain(text: str, wrapped: bool = False) -> None:
    if wrapped and sys.stderr.isatty():
        import shutil
        import textwrap

        width = max(20, min(100, shutil.get_terminal_size().columns))
        text = unbroken(text)
        text = textwrap.fill(text, width, break_on_hyphens=False, break_long_words=False)
        text = text.replace(SOLID, " ")
    print(text, file=sys.stderr)


def _stopped(silent: bool) -> int:
    """The exit code of a program that was asked to end, and a word if none was said yet."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # pressed once more, it has nothing left to stop
    if silent:
        print("Stopped.", file=sys.stderr)
    number = _asked[0][0] if _asked else signal.SIGINT
    return 128 + number


def _shown(name: str, code: Any, unseen: int) -> Any:
    """The exit code, once it is known whether all that was printed has arrived."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    lost = lost_screen(sys.stdout)
    # The pipe or the terminal was closed: its reader has seen enough.
    if lost is None or lost.errno in (errno.EPIPE, errno.EIO):
        return code
    print(f"{name}: standard output cannot be written: {lost.strerror}", file=sys.stderr)
    return code or unseen


def _listen(interruptible: bool) -> None:
    """Have ctrl-C, and signals that ask the program to end, stop it in the same way."""

    def stop(number: int, frame: FrameType | None) -> None:
        if not _asked:
            _asked.append((number, time.monotonic()))
            raise KeyboardInterrupt
        # What runs is being put away already. Judges and sandboxes end with this process.
        if time.monotonic() - _asked[0][1] > _PATIENCE:
            os._exit(128 + number)

    if interruptible:
        signal.signal(signal.SIGINT, stop)
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # `nohup` ignores
            signal.signal(number, stop)


def _fill_descriptors() -> None:
    """Open what the shell closed (``>&-``): the next file would stand in its place."""
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            stream = open(descriptor, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)


class _Steady(io.FileIO):
    """A stream that keeps taking text when its reader or its disk has gone."""

    lost: OSError | None = None

    def write(self, data: Any) -> int:
        while self.lost is None:
            try:
                written = super().write(data)
            except OSError as error:
                self.lost = error
                break
            if written is not None:
                return written
            select.select([], [self], [], 1.0)  # a pipe that does not block, and is full
        return len(data)


def _steady_streams() -> None:
    if os.name == "nt":  # where a console is not a file
        return
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        old = getattr(sys, name)
        utf8 = old.encoding.lower().replace("-", "") == "utf8"
        with contextlib.suppress(OSError, ValueError):
            old.flush()
        new = io.TextIOWrapper(
            io.BufferedWriter(_Steady(descriptor, "w", closefd=False)),
            encoding=old.encoding,
            # The name of a file need not be text.
            errors="backslashreplace" if utf8 or name == "stderr" else "replace",
            line_buffering=old.line_buffering or name == "stderr",
        )
        setattr(sys, name, new)


def lost_screen(stream: Any) -> OSError | None:
    """Why nothing arrives any more that is written to ``stream``; None where all does."""
    lost = getattr(getattr(getattr(stream, "buffer", None), "raw", None), "lost", None)
    return lost if isinstance(lost, OSError) else None
