"""A roster beside a download: who is who, who handed in nothing, who is not on the roster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from autograder.ingest.contents.answer import Answer
from autograder.ingest.roster import Person, Roster
from autograder.ingest.submissions import Submission
from autograder.model import Verdict
from autograder.outline import Exercise
from autograder.text.spool import Spool

NOTHING = "Nothing was handed in."


@dataclass(slots=True)
class Enrolled:
    """What the roster says of a class."""

    missing: list[Submission] = field(default_factory=list)
    """A submission with no answers for each student who handed in nothing."""

    strangers: list[Submission] = field(default_factory=list)
    """Submissions of nobody on the roster, without their answers."""

    unsure: list[tuple[Submission, list[Person]]] = field(default_factory=list)
    """Submissions whose name several students of the roster have, without their answers."""


def enrol(
    roster: Roster, submissions: list[Submission] | Spool[Submission], exercises: Sequence[Exercise]
) -> Enrolled:
    """Give each submission its student's name, address and section, in its place among
    ``submissions``; say who is missing.

    A submission is found by an id, else by a name that one student has. It keeps the id that the
    download gave it, unless that was only cut out of a longer name.
    """
    enrolled = Enrolled()
    here: set[int] = set()
    used: Counter[tuple[int, int]] = Counter()
    groups = {id for s in submissions for id in s.group}
    taken = {s.student for s in submissions}
    for number, submission in enumerate(submissions):
        old = submission.student
        person = _by_id(roster, submission, taken)
        same: list[Person] = []
        if person is None:
            same = roster.by_name(submission.name)
            person = same[0] if len(same) == 1 else None
        if person is None:
            named = replace(submission, answers={}, account=[])
            if len(same) > 1:
                enrolled.unsure.append((named, same))
            else:
                enrolled.strangers.append(named)
            submissions[number] = submission
            continue
        here.add(id(person))
        if submission.student in person.ids:
            used[person.ids.index(submission.student), len(person.ids)] += 1
        submission.name = person.name or submission.name
        submission.email = person.email or submission.email
        submission.section = person.section
        submission.account = [
            replace(
                row,
                name=submission.name,
                student=submission.student if row.student == old else row.student,
            )
            for row in submission.account
        ]
        submissions[number] = submission
    unsure = {id(p) for _, people in enrolled.unsure for p in people}
    nothing = {e.id: Answer(None, Verdict.NOT_ATTEMPTED, NOTHING) for e in exercises}
    for person in roster.people:
        if id(person) not in here and id(person) not in unsure and person.id not in groups:
            enrolled.missing.append(_nothing(person, _usual(person, used), nothing, taken))
    return enrolled


def _by_id(roster: Roster, submission: Submission, taken: set[str]) -> Person | None:
    person = roster.by_id(submission.student, submission.email)
    if person is not None or not submission.alias:
        return person
    for other in roster.people:
        whole = submission.alias.casefold()
        for known in other.ids:
            tails = ("-" + known.casefold(), "_" + known.casefold())
            if known and known not in taken and whole.endswith(tails):
                taken.add(known)
                submission.student = known
                return other
    return None


def _usual(person: Person, used: Counter[tuple[int, int]]) -> str:
    """The id that the download would give a student: of the kind that it gives the others.

    Moodle's roster has two numbers. Under the other one, a student who hands in late would
    be two.
    """
    for (place, count), _ in used.most_common():
        if len(person.ids) == count:
            return person.ids[place]
    return person.id


def _nothing(
    person: Person, student: str, answers: dict[str, Answer], taken: set[str]
) -> Submission:
    while student in taken:  # the download may use the same id for another student
        student += " (roster)"
    taken.add(student)
    return Submission(
        student,
        answers,
        name=person.name or person.id,
        email=person.email,
        section=person.section,
        missing=True,
    )
