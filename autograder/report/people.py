"""``students.csv``: everybody of a class, by the id that all other reports use."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

from autograder.text.atomic import replacing
from autograder.text.cells import inert
from autograder.text.names import file_name

PAGES = "feedback"
"""The folder of the pages."""

NOTHING = "nothing handed in"
LATE = "late"


@dataclass(frozen=True, slots=True)
class Person:
    """One student as the reports name them."""

    student: str
    name: str = ""
    email: str = ""
    section: str = ""
    submission: str = ""
    """What is worth saying of it: :data:`NOTHING`, :data:`LATE`; empty else."""

    attempt: str = ""
    """Which attempt was taken, of how many, where there are several."""

    time: str = ""
    group: str = ""
    """Ids of everybody who handed this in together."""

    @property
    def label(self) -> str:
        """The name and the id; the id alone where the name says nothing more."""
        return (
            f"{self.name} ({self.student})"
            if self.name not in ("", self.student)
            else (self.student)
        )


People = Mapping[str, Person]
"""By id."""

_COLUMNS = [field.name for field in fields(Person)]


def page_name(student: str) -> str:
    """Name of the file that holds a student's page."""
    return file_name(student, ".html")


def label(people: People, student: str) -> str:
    """A student's name and id, or the id where no more is known."""
    person = people.get(student)
    return person.label if person else student


def read_people(path: Path) -> dict[str, Person]:
    """Those whom an earlier run has written down; nobody where the file is not ours."""
    people = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                values = {name: _plain(row.get(name) or "") for name in _COLUMNS}
                people[values["student"]] = Person(**values)
    except (OSError, ValueError, csv.Error):
        return {}
    return people


def joined(earlier: People, now: People) -> dict[str, Person]:
    """The students of earlier runs and of this one, which may know less about some of them.

    Who handed in nothing this time has not handed in nothing, and a run without a roster does
    not take a name away.
    """
    people = dict(earlier)
    for student, person in now.items():
        before = earlier.get(student, person)
        if person.name in ("", student):
            person = replace(
                person,
                name=before.name or person.name,
                email=person.email or before.email,
                section=person.section or before.section,
            )
        if person.submission == NOTHING:
            person = replace(before, name=person.name, email=person.email, section=person.section)
        people[student] = person
    return people


def _plain(cell: str) -> str:
    """A cell as it was before :func:`~autograder.text.cells.inert`."""
    return cell[1:] if cell.startswith("'") and inert(cell[1:]) == cell else cell


def write_people(path: Path, people: Iterable[Person]) -> None:
    """Write everybody, by id, with the place of their page beside this file."""
    with replacing(path, newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*_COLUMNS, "page"])
        for person in sorted(people, key=lambda p: p.student):
            cells = [*astuple(person), f"{PAGES}/{page_name(person.student)}"]
            writer.writerow([inert(cell) for cell in cells])
