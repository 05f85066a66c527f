"""The student's own code as a page shows it: lines with numbers, those that a message names marked.

Which lines are meant is read from the message, and only a line that is there in the words of the
message is marked. Text of a submission is data: it is made harmless here and escaped by the
template.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.extras import Files
from autograder.text.clean import clean
from autograder.text.cutting import at_the_end

AROUND = 2
"""Lines shown before and after each marked line."""

SHORT = 16
"""A file of at most so many lines is shown whole where one of its lines is marked."""

MOST_LINES, MOST_WIDE, MOST_CHARACTERS = 400, 240, 40_000
"""Most of one file that a page holds."""

Source = tuple[bytes, Files]
"""The text that was graded, and the files of the student that lay beside it."""

Sources = Mapping[str, Mapping[str, Source]]
"""By student, by exercise."""

_QUOTED = 120  # characters of a line that a message quotes at most
_PLACE = re.compile(r"^[ ]+(?:([^\n,]{1,200}\.py), )?line (\d{1,7})(?: in \w+)?: ([^\n]+)$", re.M)
_DEFINES = re.compile(r"\bLine (\d{1,7}) defines `(\w+)`")
_ENDS = re.compile(r"\r\n|\r|\n")

Place = tuple[str, int]
"""A file beside the answer (empty: the answer itself) and a line, from 1."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a listing; a gap where lines are left out has number 0."""

    number: int
    text: str = ""
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A file or a part of it. ``total`` is the number of lines that the file has."""

    name: str
    lines: tuple[Line, ...]
    total: int

    @property
    def whole(self) -> bool:
        """Whether no line of the file is left out."""
        return len([line for line in self.lines if line.number]) == self.total

    @property
    def first_marked(self) -> int:
        """The number of the first marked line; 0 where none is."""
        return next((line.number for line in self.lines if line.marked), 0)


class Code:
    """The code of one answer. ``source`` is None where it is not known."""

    def __init__(self, exercise: str, source: Source | None) -> None:
        text, files = source or (b"", ())
        self.known = source is not None
        texts = {"": text, **{name: data for name, data in files if name.endswith(".py")}}
        self._names = {"": f"{exercise}.py"}
        self._lines = {name: _lines(data) for name, data in texts.items()}

    def places(self, message: str) -> tuple[Place, ...]:
        """The lines that a message names, those alone that the file has in these words."""
        named = [(m[1] or "", int(m[2]), m[3]) for m in _PLACE.finditer(message)]
        found = [(f, n) for f, n, quoted in named if self._line(f, n).strip()[:_QUOTED] == quoted]
        for match in _DEFINES.finditer(message):
            if match[2] in self._line("", int(match[1])):
                found.append(("", int(match[1])))
        return tuple(dict.fromkeys(found))

    def without(self, message: str, places: Iterable[Place]) -> str:
        """A message without the lines that quote one of ``places``, which a listing shows."""
        shown = set(places)

        def is_shown(line: str) -> bool:
            match = _PLACE.fullmatch(line)
            return match is not None and (match[1] or "", int(match[2])) in shown

        return "\n".join(line for line in message.split("\n") if not is_shown(line))

    def around(self, places: Iterable[Place]) -> tuple[Listing, ...]:
        """The lines at ``places`` with some before and after, a listing for each file."""
        by_file: dict[str, set[int]] = {}
        for file, number in places:
            by_file.setdefault(file, set()).add(number)
        return tuple(self._listing(file, marks, AROUND) for file, marks in by_file.items())

    def whole(self, places: Iterable[Place] = ()) -> Listing:
        """The answer itself, with the marks of ``places``; a very long one is cut."""
        return self._listing("", {number for file, number in places if not file}, None)

    def _line(self, file: str, number: int) -> str:
        lines = self._lines.get(file, [])
        return lines[number - 1] if 1 <= number <= len(lines) else ""

    def _listing(self, file: str, marks: set[int], around: int | None) -> Listing:
        lines = self._lines[file]
        wanted = range(1, len(lines) + 1)
        if around is not None and len(lines) > SHORT:
            near = {n + step for n in marks for step in range(-around, around + 1)}
            wanted = sorted(near & set(wanted))  # type: ignore[assignment]
        shown: list[Line] = []
        room, before = MOST_CHARACTERS, 0
        for number in wanted:
            text = at_the_end(clean(lines[number - 1]), MOST_WIDE)
            room -= len(text)
            if len(shown) >= MOST_LINES or room < 0:
                break
            if number > before + 1:
                shown.append(Line(0))
            shown.append(Line(number, text, number in marks))
            before = number
        if before < len(lines):
            shown.append(Line(0))
        return Listing(self._names.get(file, clean(file)), tuple(shown), len(lines))


def _lines(data: bytes) -> list[str]:
    """The lines as Python counts them."""
    lines = _ENDS.split(data.decode("utf-8", "replace").removeprefix("\ufeff"))
    return lines[:-1] if lines and not lines[-1] else lines
