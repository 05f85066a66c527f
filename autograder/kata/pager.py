"""Long texts on a terminal, a screen at a time."""

from __future__ import annotations

import os
import pydoc
import shutil
import sys

from autograder.kata.terminal import Screen

_OPTIONS = "-FRX -Psspace turns the page, q quits$"


def show(screen: Screen, text: str) -> None:
    """Show a text in the user's pager (``$PAGER``, else ``less``) where it is longer than the
    terminal; print it where there is no terminal, nobody to turn pages, or in plain words."""
    text = text.rstrip("\n")
    height = shutil.get_terminal_size((80, 24)).lines
    turned = screen.stream is sys.stdout and sys.stdout.isatty() and sys.stdin.isatty()
    if screen.plain or not turned or text.count("\n") + 1 < height:
        screen.write(text)
        screen.stream.flush()
        return
    # Colours, no pager for a short text, the text stays on the screen, and which keys to press.
    # `-Ps` is the option, what follows is the prompt. A user's own options lack colours, perhaps.
    own = os.environ.get("LESS", "")
    if not own:
        os.environ["LESS"] = _OPTIONS
    elif own != _OPTIONS and not own.endswith(" -R"):
        os.environ["LESS"] = f"{own} -R"
    sys.stdout.flush()
    pydoc.pager(text + "\n")
