"""The attempts of a download, student by student: one of them counts, the others are listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from autograder.ingest.attempts import Attempt, Download
from autograder.ingest.entry_names import name_of

LATEST, FIRST = "latest", "first"
PICKS = (LATEST, FIRST)
"""What ``--attempt`` takes."""


@dataclass(slots=True)
class Student:
    """One student, the attempt that counts, and the others in their order."""

    id: str
    name: str
    email: str
    attempt: Attempt
    number: int = 1
    """Which of the attempts it is, from 1."""

    others: tuple[Attempt, ...] = ()

    def words(self, attempt: Attempt) -> str:
        """What tells one of the attempts from the others: its time, else its entry's name."""
        times = [a.when for a in (self.attempt, *self.others)]
        if not attempt.parts or (all(times) and len(set(times)) == len(times)):
            return attempt.when
        return name_of(attempt.parts[0].node.name)


def students(download: Download, pick: str = LATEST) -> list[Student]:
    """Everybody in a download, by id. A group's attempt is that of each of its members."""
    by_student: dict[str, list[Attempt]] = {}
    people: dict[str, tuple[str, str]] = {}
    for attempt in download.attempts:
        for id, name, email in _owners(attempt):
            key = _free(id, by_student) if "\N{REPLACEMENT CHARACTER}" in id else id
            by_student.setdefault(key, []).append(attempt)
            if not people.get(key, ("", ""))[0]:
                people[key] = (name, email)
    return [_student(id, *people.pop(id), by_student.pop(id), pick) for id in sorted(by_student)]


def _owners(attempt: Attempt) -> Iterator[tuple[str, str, str]]:
    if attempt.members:
        yield from ((m.student, m.name, m.email) for m in attempt.members)
    else:
        yield attempt.student, attempt.name or attempt.student, attempt.email


def _free(id: str, taken: dict[str, list[Attempt]]) -> str:
    """Another id where this one is taken: names that are no text may look alike and be two."""
    free, number = id, 2
    while free in taken:
        free, number = f"{id} ({number})", number + 1
    return free


def _student(id: str, name: str, email: str, attempts: list[Attempt], pick: str) -> Student:
    attempts = sorted(attempts, key=lambda a: a.order)
    # What cannot be read, and an attempt without a file, take nobody's marks away.
    choice = (
        [a for a in attempts if a.parts and not a.refusal]
        or [a for a in attempts if a.refusal]
        or attempts
    )
    chosen = choice[0 if pick == FIRST else -1]
    number = next(n for n, a in enumerate(attempts, 1) if a is chosen)
    return Student(id, name, email, chosen, number, tuple(a for a in attempts if a is not chosen))
