"""What `autograde grade` says of a download: what it is, whose, and what belongs to nobody."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from autograder.commands.ending import LOOK
from autograder.ingest import accounting, entry_names
from autograder.ingest.accounting import Row
from autograder.ingest.enrolling import Enrolled
from autograder.ingest.roster import Roster, RosterError
from autograder.ingest.submissions import Submission, Taken
from autograder.outline import Course
from autograder.report.files import write_files
from autograder.report.people import LATE, NOTHING, Person, joined, read_people, write_people
from autograder.text.clean import one_line
from autograder.text.numbers import counted

MOST_LINES = 8
"""A longer list is cut here on the screen; the files have it all."""


def nothing_fits(path: Path, course: Course, taken: Taken) -> str:
    """The sentence for a download in which nothing answers anything of the course."""
    first = course.exercises[0]
    seen = list(dict.fromkeys(row.path for row in taken.rows if not entry_names.litter(row.path)))
    listed = ", ".join(one_line(name, 60) for name in seen[:5]) or "nothing"
    more = f" and {len(seen) - 5} more" if len(seen) > 5 else ""
    return (
        f"{path} holds no submissions: nothing in it answers an exercise of {course.title!r}, "
        f"such as {first.id}.py or {first.chapter}.ipynb. It holds {listed}{more}. "
        "To grade another course, pass --course."
    )


def say(console: Console, taken: Taken) -> None:
    """Say what was recognised, and what an instructor should know of it."""
    _print(console, [heading(taken), *taken.notes, *_late(taken), *_attempts(taken)])


def heading(taken: Taken) -> str:
    """``Canvas download: 28 students, 3 of them with two attempts``."""
    again = most = alone = 0
    groups = set()
    for student in taken.submissions:
        again += bool(student.others)
        most = max(most, len(student.others))
        alone += not student.group
        groups.add(student.group)
    words = f"{taken.title}: {counted(len(taken.submissions), 'student')}"
    groups.discard(())
    if groups:
        words += f" in {counted(len(groups) + alone, 'group')}"
    if again:
        several = "two attempts" if most == 1 else "several attempts"
        words += f", {again} of them with {several}"
    return words


def _late(taken: Taken) -> list[str]:
    late = [_label(s) for s in taken.submissions if s.late]
    return [f"Late: {_listed(late)}."] if late else []


def _attempts(taken: Taken) -> list[str]:
    lines = []
    for submission in taken.submissions:
        if submission.others:
            one = submission.chosen or f"attempt {submission.attempt}"
            others = " or ".join(when or "one without time" for when in submission.others[:4])
            lines.append(f"  {_label(submission)}: {one} was taken, not {others}")
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"  and {len(lines) - MOST_LINES} more: see files.csv"]
    return lines


def say_roster(console: Console, roster: Roster, taken: Taken, enrolled: Enrolled) -> None:
    """Say who of the roster is missing and who is not on it.

    Raises :class:`RosterError` where nobody is: it is another class's.
    """
    strangers, missing = enrolled.strangers, enrolled.missing
    if len(strangers) == len(taken.submissions) > 1:
        raise RosterError(
            f"none of the {len(strangers)} students is on the roster: the submissions have "
            f"{one_line(strangers[0].student, 60)!r}, the roster has "
            f"{one_line(roster.people[0].id, 60)!r}. Check that it is this class's roster, or add "
            "a column with the ids of the submissions to it."
        )
    kind = "" if roster.title in ("CSV", "list") else f" ({roster.title})"
    words = f"Roster{kind}: {counted(len(roster.people), 'student')}"
    lines = [f"{words}, {len(missing)} with nothing handed in" if missing else words]
    if missing:
        lines.append(f"Nothing handed in: {_listed([_label(s) for s in missing])}.")
    if strangers:
        lines.append(f"Not on the roster: {_listed([_label(s) for s in strangers])}.")
    for submission, people in enrolled.unsure[:MOST_LINES]:
        lines.append(
            f"{_label(submission)}: {len(people)} students on the roster have that name. "
            f"Add a column with the download's ids, such as {submission.student}, to the roster."
        )
    _print(console, lines)


def people_of(submissions: Sequence[Submission]) -> dict[str, Person]:
    """Everybody of a class as the reports name them."""
    people = {}
    for one in submissions:
        total = 1 + len(one.others)
        student = sys.intern(one.student)
        people[student] = Person(
            student,
            one.name,
            one.email,
            sys.intern(one.section),
            NOTHING if one.missing else LATE if one.late else "",
            f"{one.attempt} of {total}" if total > 1 else "",
            sys.intern(one.time),
            "; ".join(one.group),
        )
    return people


def close(console: Console, out: Path, taken: Taken, people: dict[str, Person]) -> int:
    """Write ``files.csv`` and ``students.csv``, and end with what belongs to nobody.

    Returns 3 if an entry may be a student's work, or if a file could not be written.
    """
    rows = taken.rows
    states = Counter(row.state for row in rows)
    known = joined(read_people(out / "students.csv"), people)
    unwritten = []
    try:
        write_files(out / "files.csv", rows)
        write_people(out / "students.csv", known.values())
    except OSError as error:
        words = error.strerror or str(error)
        unwritten.append(f"files.csv and students.csv were not written: {words}")
    entries = "1 entry" if len(rows) == 1 else f"{len(rows)} entries"
    there = one_line(str(out))
    _print(
        console,
        [
            f"{there}/files.csv: {entries}, {states[accounting.GRADED]} graded, "
            f"{states[accounting.REFUSED]} refused, {states[accounting.NOT_TAKEN]} not taken"
        ],
    )
    for words in unwritten:
        print(f"NOT WRITTEN: {words}", file=sys.stderr)
    looks = _looks(taken, rows)
    _say_looks(looks, there)
    return LOOK if looks or unwritten else 0


def _looks(taken: Taken, rows: Sequence[Row]) -> list[str]:
    """A line for each entry that may be a student's work and was not graded."""
    lines = [f"{stray.path}: {stray.reason}" for stray in taken.strays if stray.look]
    for row in rows:
        # Damaged or of a kind that is not opened: either way nobody has seen what it holds.
        if row.state == accounting.REFUSED and entry_names.is_archive(row.path):
            lines.append(f"{row.path} of {row.name or row.student}: {row.reason}")
    return [one_line(line, 300) for line in dict.fromkeys(lines)]


def _say_looks(looks: Sequence[str], there: str) -> None:
    if not looks:
        return
    count = "1 entry" if len(looks) == 1 else f"{len(looks)} entries"
    print(f"NOT GRADED: {count} that may be a student's work:", file=sys.stderr)
    for line in looks[:MOST_LINES]:
        print(f"  {line}", file=sys.stderr)
    if len(looks) > MOST_LINES:
        print(f"  and {len(looks) - MOST_LINES} more: see {there}/files.csv", file=sys.stderr)


def _label(submission: Submission) -> str:
    return Person(submission.student, submission.name).label


def _listed(names: Sequence[str]) -> str:
    shown = "; ".join(one_line(name, 100) for name in names[:MOST_LINES])
    more = f" and {len(names) - MOST_LINES} more" if len(names) > MOST_LINES else ""
    return shown + more


def _print(console: Console, lines: Sequence[str]) -> None:
    for line in lines:
        console.print(one_line(line), highlight=False, markup=False)
