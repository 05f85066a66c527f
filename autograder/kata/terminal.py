"""Lines on a terminal: colours where they are wanted, words where marks are not."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from typing import IO

from autograder.command_line.program import lost_screen
from autograder.kata.lines import MARKS, SPOKEN, Kind, Line

_STYLES: dict[Kind, str] = {
    "head": "1",
    "quiet": "2",
    "good": "32",
    "so far": "33",
    "bad": "31",
    "open": "33",
    "message": "",
    "hint": "36",
    "measured": "2",
    "printed": "",
    "summary": "1",
    "next": "36",
}


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

    def _redraws(self) -> bool:
        return not self.plain and self.stream.isatty() and os.environ.get("TERM") != "dumb"

    @property
    def gone(self) -> bool:
        """Whether the reader of this output has gone, so that nothing shown arrives any more."""
        return lost_screen(self.stream) is not None

    @property
    def width(self) -> int:
        """Columns to fill; at least 20, at most 100."""
        return max(20, min(100, shutil.get_terminal_size((80, 24)).columns))

    def show(self, lines: Iterable[Line]) -> None:
        """Print lines, wrapped to the width."""
        for line in lines:
            self.write(self.format(line))
        self.stream.flush()

    @contextlib.contextmanager
    def during(self, text: str) -> Iterator[None]:
        """Say what takes a while, and take it back afterwards; nothing where that cannot be."""
        if not (text and self._redraws()):
            yield
            return
        self.stream.write(self.paint(text[: self.width - 1], _STYLES["quiet"]))
        self.stream.flush()
        try:
            yield
        finally:
            self.stream.write("\r\x1b[K")
            self.stream.flush()

    def write(self, text: str) -> None:
        """Print text as it is; what the terminal cannot show becomes a question mark."""
        encoding = getattr(self.stream, "encoding", None) or "utf-8"
        print(text.encode(encoding, "replace").decode(encoding), file=self.stream)

    def format(self, line: Line) -> str:
        """One line as text, possibly over several rows."""
        if self.plain:
            # Titles and quoted code end as they do: a colon before, nothing after.
            said = line.label or SPOKEN.get(line.kind, "")
            return _wrapped(f"{said}: {line.text}" if said else line.text, line.level, 0, 0)
        mark = f"{MARKS[line.kind]} " if line.kind in MARKS else ""
        text = line.text
        if line.kind in ("bad", "open") and line.label and not line.by_mark:
            text = f"{line.label}: {text}"
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
    if bullet := _BULLET.match(text, own):
        hang += len(bullet[0])
    rest = lead + " " * (hang + own)
    rows = textwrap.wrap(
        text.strip(),
        max(10, width),
        initial_indent=lead + " " * own,
        subsequent_indent=rest,
        break_on_hyphens=False,
    )
    return "\n".join(rows)


_BULLET = re.compile(r"(?:[*-]|\d+\.) +")
_FULL = 80
"""Columns from which a line was broken because it was full, not because its text ends there."""


def unbroken(text: str, lead: int = 0) -> str:
    """Prose with each paragraph in one line, so that it can be wrapped to any width.

    ``lead`` is how far the text was indented where it was broken. Lists keep their items,
    examples and short lines stay as they are.
    """
    rows: list[str] = []
    full, example, length = False, False, 0
    for line in text.splitlines():
        start = line.lstrip()
        example = bool(start) and (example or start.startswith(">>>"))
        goes_on = full and start and not example and not _BULLET.match(start)
        if goes_on and lead + length + 1 + len(start.split()[0]) > _FULL:
            rows[-1] += f" {start}"
        else:
            rows.append(line)
        full, length = bool(start) and not example, len(line)
    return "\n".join(rows)
