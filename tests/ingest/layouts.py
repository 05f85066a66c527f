"""The class as each learning platform hands it out, by the rules of the platforms themselves."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tests.ingest.packing import DOWNLOAD, EPOCH, NOBODY, Entry, zipped
from tests.ingest.people import PEOPLE, Attempt, Person, Upload


@dataclass(frozen=True, slots=True)
class Laid:
    """A class laid out: its files, and how each student is called there."""

    entries: list[Entry]
    keys: dict[str, str]
    """By a student's key in the class: the key that the platform gives."""

    names: dict[str, str]
    """By a student's key in the class: the name that the download holds, where it holds one."""


Layout = Callable[[Iterable[Person]], Laid]


def when(person: Person, number: int) -> datetime.datetime:
    """The time of one attempt: days apart, and across noon and midnight."""
    return EPOCH + datetime.timedelta(days=number, minutes=31 * person.number)


def _latest(person: Person) -> tuple[Attempt, datetime.datetime]:
    return person.attempts[-1], when(person, len(person.attempts) - 1)


def _inside(attempt: Attempt) -> Iterator[tuple[str, bytes]]:
    """The files of an attempt where the platform unpacks zips; an online text is one more."""
    for upload in attempt.uploads:
        if upload.inside and upload.name.endswith(".zip"):
            yield from upload.inside.items()
        else:
            yield upload.name, upload.data
    if attempt.online:
        yield "onlinetext.html", attempt.online


def _again(upload: Upload, number: int) -> str:
    """The name of a file that is uploaded for the ``number``-th time, as Canvas makes it."""
    stem, dot, ending = upload.name.partition(".")
    return f"{stem}-{number}{dot}{ending}" if number else upload.name


def _sortable(person: Person) -> str:
    """Last name and first name in lower case, letters, marks and digits only."""
    name = f"{person.last}{person.first}".lower()
    return "".join(c for c in name if unicodedata.category(c)[0] in "LMN")


def canvas(people: Iterable[Person]) -> Laid:
    """Canvas: one flat folder, an id for the user and one for each file; re-uploads numbered."""
    entries, keys, names, file_id = [], {}, {}, 880_000
    for person in people:
        sortable = _sortable(person)
        keys[person.key], names[person.key] = str(70_000 + person.number), sortable
        for number, attempt in enumerate(person.attempts):
            late = "_LATE" if attempt.late else ""
            head = f"{sortable}{late}_{keys[person.key]}"
            files = [(_again(u, number), u.data) for u in attempt.uploads]
            if attempt.online:
                entries.append(Entry(f"{head}_text.html", attempt.online, person.key))
            for name, data in files:
                file_id += 7
                path = f"{head}_{file_id}_{name}"
                entries.append(Entry(path, data, person.key, when(person, number)))
    return Laid(entries, keys, names)


def _moodle_name(name: str) -> str:
    """What ``clean_filename`` leaves of a name."""
    return re.sub(r"[\x00-\x1f&<>\"`|':\\/]", "", name.replace("_", " "))


def _moodle(person: Person, *, kind: str) -> str:
    if kind == "blind":
        return "Participant"
    name = _moodle_name(f"{person.first} {person.last}".strip())
    return f"Team {name}" if kind == "team" else name


def moodle(people: Iterable[Person], *, kind: str = "new") -> Laid:
    """Moodle: ``new`` and ``old`` (before 4.1), ``flat``, ``blind`` marking, ``team``."""
    entries: list[Entry] = []
    keys: dict[str, str] = {}
    names: dict[str, str] = {}
    for person in people:
        keys[person.key] = str(1_234_500 + person.number)
        shown = _moodle(person, kind=kind)
        if kind != "blind":
            names[person.key] = shown
        attempt, time = _latest(person)
        tail, sep = ("_" if kind == "old" else ""), ("_" if kind == "flat" else "/")
        head = f"{shown}_{keys[person.key]}_assignsubmission"
        if attempt.online:
            path = f"{head}_onlinetext{tail}{sep}onlinetext.html"
            entries.append(Entry(path, attempt.online, person.key, time))
        entries += [
            Entry(f"{head}_file{tail}{sep}{u.name}", u.data, person.key, time)
            for u in attempt.uploads
        ]
    return Laid(entries, keys, names)


def blackboard(people: Iterable[Person]) -> Laid:
    """Blackboard: flat, every attempt, and a text file with each attempt's comments."""
    entries: list[Entry] = []
    keys: dict[str, str] = {}
    names: dict[str, str] = {}
    for person in people:
        keys[person.key] = person.login
        for number, attempt in enumerate(person.attempts):
            time = when(person, number)
            head = f"Homework 2_{person.login}_attempt_{time:%Y-%m-%d-%H-%M-%S}"
            words = f"Name: {person.name} ({person.login})\r\nAssignment: Homework 2\r\n"
            entries.append(Entry(f"{head}.txt", words.encode(), person.key, time))
            if attempt.online:
                path = f"{head}_onlinetext.html"
                entries.append(Entry(path, attempt.online, person.key, time))
            entries += [
                Entry(f"{head}_{u.name}", u.data, person.key, time) for u in attempt.uploads
            ]
    return Laid(entries, keys, names)


def brightspace(people: Iterable[Person], *, prefixes: bool = False) -> Laid:
    """Brightspace: a folder for each attempt, or files with the same prefix."""
    entries, keys, names = [Entry("index.html", b"<html></html>\n", DOWNLOAD)], {}, {}
    for person in people:
        keys[person.key] = str(39_700 + person.number)
        names[person.key] = re.sub(r"[\\/:*?\"<>|]", "", f"{person.first} {person.last}".strip())
        for number, attempt in enumerate(person.attempts):
            time = when(person, number)
            clock = f"{time:%b} {time.day}, {time.year} {time.hour % 12 or 12}{time:%M %p}"
            head = f"{keys[person.key]}-640693 - {names[person.key]} - {clock}"
            sep = " - " if prefixes else "/"
            files = [(u.name, u.data) for u in attempt.uploads]
            if attempt.online:
                files.append(("onlinetext.html", attempt.online))
            entries += [Entry(f"{head}{sep}{name}", data, person.key, time) for name, data in files]
    return Laid(entries, keys, names)


def gradescope(people: Iterable[Person]) -> Laid:
    """Gradescope: the active submission of each, zips unpacked, and who is who in YAML."""
    entries, keys, names, lines = [], {}, {}, ["---"]
    for person in people:
        keys[person.key], names[person.key] = person.sis, person.name
        folder = f"submission_{216_000_000 + person.number * 977}"
        attempt, time = _latest(person)
        quoted = person.name.replace("'", "''")
        lines += [
            f"{folder}:",
            "  :submitters:",
            f"  - :name: '{quoted}'",
            f"    :sid: '{person.sis}'",
            f"    :email: {person.mail}",
            f"  :created_at: {time:%Y-%m-%d %H:%M:%S.%f} Z",
            "  :score: 0.0",
            "  :status: :processed",
            "  :history: []",
        ]
        entries += [
            Entry(f"assignment_55_export/{folder}/{name}", data, person.key, time)
            for name, data in _inside(attempt)
        ]
    text = "\n".join(lines) + "\n"
    path = "assignment_55_export/submission_metadata.yml"
    entries.append(Entry(path, text.encode(), DOWNLOAD))
    return Laid(entries, keys, names)


def classroom(people: Iterable[Person]) -> Laid:
    """GitHub Classroom: a clone for each student, as the assistants' download script names it."""
    entries: list[Entry] = []
    keys: dict[str, str] = {}
    names: dict[str, str] = {}
    for person in people:
        keys[person.key] = person.login
        attempt, time = _latest(person)
        head = f"cs101-homework-2-{person.login}"
        own = {
            ".git/HEAD": b"ref: refs/heads/main\n",
            ".git/config": b"[core]\n",
            ".github/workflows/classroom.yml": b"on: push\n",
        }
        files = [*_inside(attempt), *own.items()]
        entries += [Entry(f"{head}/{name}", data, person.key, time) for name, data in files]
    return Laid(entries, keys, names)


def _folder_names(people: Iterable[Person]) -> dict[str, str]:
    """Full names, with the university's id where two are the same, or one is a chapter's."""
    people = list(people)
    taken = [*(p.name for p in people), "Basics"]
    return {p.key: p.name if taken.count(p.name) == 1 else f"{p.name} {p.sis}" for p in people}


def nbgrader(people: Iterable[Person]) -> Laid:
    """An nbgrader course folder; students' folders are named by their logins."""
    entries, keys = [], {}
    own = {
        "nbgrader_config.py": b"c = get_config()\n",
        "source/basics/basics.ipynb": b"{}",
        "release/basics/basics.ipynb": b"{}",
    }
    for person in people:
        keys[person.key] = person.login
        attempt, time = _latest(person)
        head = f"submitted/{person.login}/basics"
        stamp = f"{time:%Y-%m-%d %H:%M:%S.%f} UTC".encode()
        entries.append(Entry(f"{head}/timestamp.txt", stamp, person.key, time))
        entries += [Entry(f"{head}/{n}", data, person.key, time) for n, data in _inside(attempt)]
    entries += [Entry(path, data, DOWNLOAD) for path, data in own.items()]
    return Laid(entries, keys, {})


def folders(people: Iterable[Person]) -> Laid:
    """A folder for each student, named by hand."""
    people = list(people)
    keys = _folder_names(people)
    entries = [
        Entry(f"{keys[p.key]}/{name}", data, p.key, _latest(p)[1])
        for p in people
        for name, data in _inside(_latest(p)[0])
    ]
    return Laid(entries, keys, dict(keys))


def zips(people: Iterable[Person]) -> Laid:
    """A zip for each student; what `kata submit` makes goes by the student's name as it is."""
    people = list(people)
    keys = _folder_names(people)
    entries = []
    for person in people:
        attempt, time = _latest(person)
        path, members = f"{keys[person.key]}.zip", dict(_inside(attempt))
        entries.append(Entry(path, zipped(members, time), person.key, time))
    return Laid(entries, keys, dict(keys))


def loose(people: Iterable[Person]) -> Laid:
    """Files side by side, each with its student's login in front, as a form collects them.

    An archive goes by the login alone. Whose a file of another name is cannot be told.
    """
    entries, keys = [], {}
    for person in people:
        attempt, time = _latest(person)
        if attempt.online:
            path = f"{person.login}_onlinetext.html"
            entries.append(Entry(path, attempt.online, NOBODY, time))
            continue
        keys[person.key] = person.login
        for upload in attempt.uploads:
            _, dot, ending = upload.name.partition(".")
            archived = upload.inside or ending in ("7z", "rar")
            name = f"{person.login}{dot}{ending}" if archived else f"{person.login}_{upload.name}"
            name = name.replace("_final", "-1")
            entries.append(Entry(name, upload.data, person.key, time))
    return Laid(entries, keys, {})


LAYOUTS: dict[str, Layout] = {
    "canvas": canvas,
    "moodle": moodle,
    "moodle-old": lambda people: moodle(people, kind="old"),
    "moodle-flat": lambda people: moodle(people, kind="flat"),
    "moodle-blind": lambda people: moodle(people, kind="blind"),
    "moodle-team": lambda people: moodle(people, kind="team"),
    "blackboard": blackboard,
    "brightspace": brightspace,
    "brightspace-flat": lambda people: brightspace(people, prefixes=True),
    "gradescope": gradescope,
    "classroom": classroom,
    "nbgrader": nbgrader,
    "folders": folders,
    "zips": zips,
    "loose": loose,
}
"""By name: how the class is laid out by each platform."""

ALL_ATTEMPTS = {"canvas", "blackboard", "brightspace", "brightspace-flat"}
"""The platforms whose downloads hold more than the latest attempt."""


def laid(name: str, people: Iterable[Person] = PEOPLE) -> Laid:
    """The class as the platform ``name`` hands it out."""
    return LAYOUTS[name](people)
