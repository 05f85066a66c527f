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

from autograder.command_line.program import SOLID, lost_screen, unbroken
from autograder.kata.lines import MARKS, SPOKEN, Kind, Line

_STYLES: dict[Kind, str] = {
    "head": "1",
    "quiet": "2",
    "good": "32",
    "so far": "33",
    "bad": "31",
    "open": "33",
    "message": "",
    "prose": "",
    "code": "36",
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
        hang = len(mark)
        if line.column and self.width - 2 * line.level - hang - line.column >= _LEAST:
            hang += line.column
        shown = _wrapped(mark + text, line.level, hang, self.width)
        if line.kind == "prose":
            code = _STYLES["code"]
            return _SPAN.sub(lambda span: self.paint(span[0], code), shown)
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
    elif own:  # a line of code
        hang += 4
    rest = lead + " " * (hang + own)
    rows = textwrap.wrap(
        TOGETHER.sub(SOLID, unbroken(text.strip())),
        max(10, width),
        initial_indent=lead + " " * own,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=False,
    )
    parts = [part for row in rows for part in _broken(row, max(10, width), rest)]
    return "\n".join(parts).replace(SOLID, " ")


def _broken(row: str, width: int, lead: str) -> Iterator[str]:
    """A row with a word longer than the screen in several: a path after one of its slashes."""
    while len(row) > width:
        at = row.rfind("/", len(lead), width) + 1 or width
        yield row[:at]
        row = lead + row[at:]
    yield row


_LEAST = 16
"""Columns that a second column must have, or its rows begin below the first one."""
TOGETHER = re.compile(r"(?<=\d) (?=(?:\d{3}|min|s|[KMG]i?B)\b)|(?<=·) ")
"""Such blanks: within ``200 000`` and ``25 min``, after a dot."""
_SPAN = re.compile(r"`[^`\n]+`")
_BULLET = re.compile(r"(?:[*-]|\d+\.) +")
