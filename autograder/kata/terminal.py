"""Lines on a terminal: colours where they are wanted, words where marks are not."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable
from typing import IO

from autograder.kata.words import Line

_STYLES = {
    "head": "1", "quiet": "2", "good": "32", "bad": "31", "open": "33", "message": "",
    "hint": "36", "measured": "2", "printed": "", "summary": "1", "next": "36",
}  # fmt: skip
_SAID_BY_MARK = ("", "not yet", "not started", "tried")
_MARKS = {"good": "✓ ", "bad": "✗ ", "open": "– ", "printed": "│ ", "next": "→ "}


class Screen:
    """Where lines go. ``plain`` says marks in words and leaves colours out."""

    def __init__(self, plain: bool = False, stream: IO[str] | None = None) -> None:
        self.stream = stream or sys.stdout
        encoding = (getattr(self.stream, "encoding", None) or "utf-8").lower().replace("-", "")
        self.plain = plain or not encoding.startswith("utf")
        self.colour = not self.plain and self._wants_colour()

    def _wants_colour(self) -> bool:
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR"):
            return True
        return self.stream.isatty() and os.environ.get("TERM") != "dumb"

    @property
    def width(self) -> int:
        """Columns to fill; at least 20, at most 100."""
        return max(20, min(100, shutil.get_terminal_size((80, 24)).columns))

    def show(self, lines: Iterable[Line]) -> None:
        """Print lines, wrapped to the width."""
        for line in lines:
            self.write(self.format(line))
        self.stream.flush()

    def write(self, text: str) -> None:
        """Print text as it is; what the terminal cannot show becomes a question mark."""
        encoding = getattr(self.stream, "encoding", None) or "utf-8"
        print(text.encode(encoding, "replace").decode(encoding), file=self.stream)

    def format(self, line: Line) -> str:
        """One line as text, possibly over several rows."""
        if self.plain:
            # Titles and quoted code end as they do: a colon before, nothing after.
            said = line.words or {"printed": "printed", "next": "type"}.get(line.kind, "")
            return _wrapped(f"{said}: {line.text}" if said else line.text, line.level, 0, 0)
        mark = _MARKS.get(line.kind, "")
        text = line.text
        if line.kind in ("bad", "open") and line.words not in _SAID_BY_MARK:
            text = f"{line.words}: {text}"
        shown = _wrapped(mark + text, line.level, len(mark), self.width)
        return self.paint(shown, _STYLES.get(line.kind, ""))

    def paint(self, text: str, style: str) -> str:
        """``text`` in a style (the numbers of an SGR escape), if colours are wanted."""
        if not self.colour or not style:
            return text
        return "\n".join(f"\x1b[{style}m{row}\x1b[0m" for row in text.split("\n"))


def _wrapped(text: str, level: int, hang: int, width: int) -> str:
    """Indented by two columns a level; no wrapping where ``width`` is 0 (a reader does it)."""
    lead = "  " * level
    text = text.expandtabs(4)
    own = len(text) - len(text.lstrip())
    if not width or len(lead) + len(text) <= width:
        return lead + text
    rest = lead + " " * (hang + own)
    rows = textwrap.wrap(
        text.strip(), max(10, width), initial_indent=lead + " " * own, subsequent_indent=rest,
        break_on_hyphens=False,
    )  # fmt: skip
    return "\n".join(rows)
