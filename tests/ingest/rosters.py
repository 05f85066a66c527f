"""Class lists as the platforms export them: everybody but one, and one who never came."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence

from tests.ingest.layouts import laid
from tests.ingest.people import NO_SHOW, NOT_ON_ROSTER, PEOPLE, Person

Rows = Iterable[Sequence[str]]
BOM = "\ufeff"


def _text(rows: Rows, *, dialect: str = "excel", bom: bool = False) -> bytes:
    made = io.StringIO(newline="")
    csv.writer(made, dialect=dialect).writerows(rows)
    return ((BOM if bom else "") + made.getvalue()).encode()


def canvas(people: Sequence[Person]) -> bytes:
    """The gradebook's export, with its row of posting policies and its row of points."""
    keys = laid("canvas", people).keys
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section",
            "Homework 2 (5501)", "Current Score"]  # fmt: skip
    rows = [head, ["", "", "", "", "", "Manual Posting", ""],
            ["    Points Possible", "", "", "", "", "10", "(read only)"]]  # fmt: skip
    for p in people:
        name = f"{p.last}, {p.first}" if p.first else p.last
        rows.append([name, keys[p.key], p.sis, p.login, "Section A", "", ""])
    return _text(rows)


def moodle(people: Sequence[Person]) -> bytes:
    """The offline grading worksheet."""
    keys = laid("moodle", [p for p in people if p.attempts]).keys
    rows = [["Identifier", "Full name", "ID number", "Email address", "Status", "Grade",
             "Maximum Grade", "Grade can be changed", "Last modified (submission)",
             "Last modified (grade)", "Feedback comments"]]  # fmt: skip
    for p in people:
        id, status = keys.get(p.key, "1234999"), "Submitted" if p.attempts else "No submission"
        rows.append([f"Participant {id}", p.name, p.sis, p.mail, status, "", "10.00", "Yes",
                     "Monday, 5 October 2026, 12:00 PM", "-", ""])  # fmt: skip
    return _text(rows, bom=True)


def blackboard(people: Sequence[Person]) -> bytes:
    """The grade centre's file: tab-separated UTF-16, whatever its ending says."""
    rows = [["Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability",
             "Homework 2 [Total Pts: 10 Score] |98765"]]  # fmt: skip
    rows += [[p.last, p.first, p.login, p.sis, "2026-10-05 12:00:00", "Yes", ""] for p in people]
    return _text(rows, dialect="excel-tab").decode().encode("utf-16")


def brightspace(people: Sequence[Person]) -> bytes:
    """The grades' export."""
    rows = [["OrgDefinedId", "Username", "Last Name", "First Name", "Email",
             "Homework 2 Points Grade", "End-of-Line Indicator"]]  # fmt: skip
    rows += [[f"#{p.sis}", f"#{p.login}", p.last, p.first, p.mail, "", "#"] for p in people]
    return _text(rows, bom=True)


def gradescope(people: Sequence[Person]) -> bytes:
    """The roster's download."""
    rows = [["First Name", "Last Name", "SID", "Email", "Role", "Sections"]]
    rows += [[p.first, p.last, p.sis, p.mail, "Student", "A"] for p in people]
    return _text(rows)


def classroom(people: Sequence[Person]) -> bytes:
    """Classroom 50's roster."""
    rows = [["username", "first_name", "last_name", "email", "section", "github_id"]]
    rows += [[p.login, p.first, p.last, p.mail, "A", str(9000 + p.number)] for p in people]
    return _text(rows)


def plain(people: Sequence[Person]) -> bytes:
    """A table that somebody made, with semicolons."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=";")
    writer.writerow(["id", "name", "email"])
    writer.writerows([p.login, p.name, p.mail] for p in people)
    return made.getvalue().encode()


ROSTERS: dict[str, Callable[[Sequence[Person]], bytes]] = {
    "canvas": canvas,
    "moodle": moodle,
    "blackboard": blackboard,
    "brightspace": brightspace,
    "gradescope": gradescope,
    "classroom": classroom,
    "plain": plain,
}
"""By name: each platform's list of the class."""


def roster(name: str) -> bytes:
    """The list of the class in the format of ``name``."""
    return ROSTERS[name]([p for p in (*PEOPLE, NO_SHOW) if p.key != NOT_ON_ROSTER])
