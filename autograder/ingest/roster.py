"""``--roster``: who is in the class, from a file of a learning platform or any CSV."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import KataError
from autograder.ingest.headings import COLUMNS, heading, title_of

ROSTER_CAP = 64 << 20
"""Most bytes of a roster."""

_HEADS_LOOKED_AT = 5  # lines: some exports begin with a title


class RosterError(KataError):
    """The roster cannot be used; the message names the file, the line and the fix."""


@dataclass(frozen=True, slots=True)
class Person:
    """One student of a roster. ``ids`` are all that the file holds, the usual one first."""

    ids: tuple[str, ...]
    name: str = ""
    email: str = ""
    section: str = ""

    @property
    def id(self) -> str:
        """What the student is called where no download says otherwise."""
        return next(iter(self.ids), "") or self.email or self.name


@dataclass(slots=True)
class Roster:
    """The students of a class, and what the file looked like."""

    title: str
    people: list[Person]
    _by_id: dict[str, set[int]] = field(default_factory=dict)
    _by_name: dict[str, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, person in enumerate(self.people):
            for id in (*person.ids, person.email, person.email.partition("@")[0]):
                if id:
                    self._by_id.setdefault(id.casefold(), set()).add(number)
            for key in _name_keys(person.name):
                self._by_name.setdefault(key, set()).add(number)

    def by_id(self, *ids: str) -> Person | None:
        """The one student who has one of these ids, or addresses."""
        for id in ids:
            matches = self._by_id.get(id.casefold(), set()) if id else set()
            if len(matches) == 1:
                return self.people[next(iter(matches))]
        return None

    def by_name(self, name: str) -> list[Person]:
        """Everybody of that name, in any order and spelling."""
        matches = set().union(*(self._by_name.get(key, set()) for key in _name_keys(name)))
        return [self.people[n] for n in sorted(matches)]


def _name_keys(name: str) -> set[str]:
    """What spellings of one name share: "Doe, Jane", "Jane Doe" and Canvas's "doejane".

    Which of several words are the last name is not known: each may begin it.
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    last, comma, first = plain.partition(",")
    keys = {_letters(plain), _letters(first + last)} if comma else {_letters(plain)}
    words = plain.replace(",", " ").split()[:8]
    keys |= {_letters("".join(words[n:] + words[:n])) for n in range(len(words))}
    return keys - {""}


def _letters(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c)[0] in "LMN")


# -- columns ----------------------------------------------------------------------------------

_IDS = ("id", "login", "sis", "identifier")


@dataclass(frozen=True, slots=True)
class _Columns:
    title: str
    at: dict[str, int]
    line: int

    def get(self, row: Sequence[str], what: str) -> str:
        at = self.at.get(what, -1)
        return _cell(row[at]) if 0 <= at < len(row) else ""


def _columns(rows: Sequence[tuple[int, list[str]]]) -> _Columns | None:
    for line, row in rows[:_HEADS_LOOKED_AT]:
        heads = [heading(cell) for cell in row]
        at = {
            what: heads.index(next(h for h in known if h in heads))
            for what, known in COLUMNS.items()
            if any(h in heads for h in known)
        }
        if "student" in heads and "id" in heads:  # Canvas's name column
            at["name"], at["id"] = heads.index("student"), heads.index("id")
        if {"id", "login", "name", "email", "identifier"} & set(at) or {"first", "last"} <= set(at):
            return _Columns(title_of(heads), at, line)
    return None


def _cell(text: str) -> str:
    """A cell's text: NFC, without the quote or ``#`` that keeps a spreadsheet from it."""
    text = unicodedata.normalize("NFC", text).strip()
    return text.removeprefix("'").removeprefix("#").strip()


# -- the file ---------------------------------------------------------------------------------


def load(path: Path) -> Roster:
    """The roster in a file; :class:`RosterError`."""
    try:
        with path.open("rb") as file:
            data = file.read(ROSTER_CAP + 1)
    except OSError as error:
        raise RosterError(f"{path} cannot be read: {error.strerror or error}") from None
    if len(data) > ROSTER_CAP:
        raise RosterError(f"{path} is larger than {ROSTER_CAP >> 20} MiB: that is not a roster")
    if data[:2] == b"PK":
        raise RosterError(f"{path} is a spreadsheet or a zip: export the roster as CSV")
    rows = _rows(path, _decoded(path, data))
    if not rows:
        raise RosterError(f"{path} is empty: export the roster again, with its heading")
    columns = _columns(rows)
    if re.match(r"\s*<(?:!doctype|html|\?xml|table)", rows[0][1][0].casefold()):
        raise RosterError(f"{path} is a web page: export the roster as CSV")
    if columns is None:
        return Roster("list", _listed(path, rows))
    people = list(_people(path, columns, rows))
    if not people:
        raise RosterError(f"{path}, line {columns.line}: there are no students below the heading")
    return Roster(columns.title, people)


def _decoded(path: Path, data: bytes) -> str:
    for mark, codec in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _by(path, data, codec)
    head = data[:400]
    if head.count(0) > len(head) // 4:
        return _by(path, data, "utf-16-le" if head[1::2].count(0) else "utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _by(path: Path, data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise RosterError(
            f"{path}, line {line}: it is not {codec} text: save it as UTF-8"
        ) from None


def _rows(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """The rows with their line numbers, without empty ones."""
    if re.search(r"[\0-\x08\x0e-\x1a]", text):
        raise RosterError(
            f"{path} is not CSV (it holds bytes that no text has): export the roster as CSV"
        )
    head = next((line for line in text.splitlines() if line.strip()), "")
    counts = {mark: head.count(mark) for mark in (",", ";", "\t", "|")}
    separator = max(counts, key=lambda mark: counts[mark])
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
    rows = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, row))
    except csv.Error as error:
        raise RosterError(f"{path}, line {reader.line_num}: it is not CSV ({error})") from None
    return rows


def _listed(path: Path, rows: Sequence[tuple[int, list[str]]]) -> list[Person]:
    """A file without a heading: an id on each line, and nothing else."""
    people = []
    for line, row in rows:
        cells = [_cell(cell) for cell in row]
        if len([c for c in cells if c]) != 1:
            known = "Student and ID, Username, SID, Email, Full name, or id, name, email, section"
            raise RosterError(
                f"{path}, line {line}: no heading says which column identifies the students. "
                f"Add one, such as: {known}"
            )
        people.append(Person((next(c for c in cells if c),)))
    return _once(people)


def _people(
    path: Path, columns: _Columns, rows: Sequence[tuple[int, list[str]]]
) -> Iterable[Person]:
    matches = []
    lines: dict[tuple[str, ...], tuple[int, Person]] = {}
    for line, row in rows:
        if line <= columns.line or _is_no_student(columns, row):
            continue
        name = columns.get(row, "name")
        if not name:
            name = " ".join(n for n in (columns.get(row, "first"), columns.get(row, "last")) if n)
        ids = [columns.get(row, what) for what in _IDS]
        # Moodle's "Participant 123", in the exporter's language
        ids = [re.sub(r"^\D+\s(?=\d+$)", "", id) for id in ids]
        email = columns.get(row, "email")
        known = tuple(dict.fromkeys(id for id in ids if id))
        if not (known or name or email):
            raise RosterError(
                f"{path}, line {line}: this row has no id, name or address: fill it in, or remove "
                "the row"
            )
        person = Person(known, name, email, columns.get(row, "section"))
        before = lines.setdefault(known or (email, name), (line, person))
        if known and (before[1].name, before[1].email) != (name, email):
            raise RosterError(
                f"{path}, line {line}: the id {known[0]} is that of line {before[0]}, too, but "
                "not the name or the address: give each student an id of their own"
            )
        matches.append(person)
    return _once(matches)


def _is_no_student(columns: _Columns, row: Sequence[str]) -> bool:
    """Canvas's rows of points and of policies, and its test student."""
    first = row[0].strip() if row else ""
    if columns.title != "Canvas":
        return False
    name, id = columns.get(row, "name"), columns.get(row, "id")
    return first == "Points Possible" or name == "Student, Test" or not (name or id)


def _once(people: Iterable[Person]) -> list[Person]:
    """Each student once: one of two sections stands in two rows."""
    unique: dict[tuple[str, ...], Person] = {}
    for person in people:
        key = person.ids or (person.email, person.name)
        before = unique.get(key)
        if before is None:
            unique[key] = person
        elif person.section and person.section not in before.section.split(", "):
            sections = ", ".join(s for s in (before.section, person.section) if s)
            unique[key] = Person(before.ids, before.name, before.email, sections)
    return list(unique.values())
