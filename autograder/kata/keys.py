"""Single keys from the terminal, without return; none where there is no terminal."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any


@contextlib.contextmanager
def reading(pressed: Callable[[str], None]) -> Iterator[bool]:
    """Call ``pressed`` with each key while the block runs; yields whether keys can be read."""
    if sys.platform == "win32":
        with _windows(pressed) as able:
            yield able
        return
    with _posix(pressed) as able:
        yield able


@contextlib.contextmanager
def _posix(pressed: Callable[[str], None]) -> Iterator[bool]:
    import os
    import select
    import termios
    import tty

    try:
        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
    except (OSError, ValueError, AttributeError, termios.error):
        yield False
        return
    stop_read, stop_write = os.pipe()

    def read() -> None:
        while True:
            ready, _, _ = select.select([descriptor, stop_read], [], [])
            if stop_read in ready:
                return
            data = os.read(descriptor, 64)
            if not data:
                pressed("q")  # the terminal is gone
                return
            if data.startswith(b"\x1b"):
                continue  # an arrow or a function key
            for character in data.decode("utf-8", "ignore"):
                pressed("q" if character == "\x04" else character)

    # Keys at once and unechoed; ctrl-C stays a signal.
    tty.setcbreak(descriptor, termios.TCSANOW)
    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    try:
        yield True
    finally:
        os.write(stop_write, b"x")
        thread.join(5)
        termios.tcsetattr(descriptor, termios.TCSANOW, before)
        if not thread.is_alive():  # on a busy machine it may look at them later, and end
            os.close(stop_read)
            os.close(stop_write)


@contextlib.contextmanager
def _windows(pressed: Callable[[str], None]) -> Iterator[bool]:
    import importlib

    msvcrt: Any = importlib.import_module("msvcrt")
    if not sys.stdin.isatty():
        yield False
        return
    stop = threading.Event()

    def read() -> None:
        while not stop.wait(0.05):
            while msvcrt.kbhit():
                pressed(msvcrt.getwch())

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    try:
        yield True
    finally:
        stop.set()
        thread.join(1)
