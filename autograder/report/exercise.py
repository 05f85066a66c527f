"""One exercise on a feedback page: how it stands, a card for each cause, the student's code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.model import OPEN, Result, Verdict
from autograder.outline import Course
from autograder.report.cards import Card, Item, cards, item, message
from autograder.report.code import Code, Listing, Source
from autograder.text.numbers import counted, out_of, points
from autograder.text.wording import FAULT_IN_PART, WORDING

_NOT_INSTALLED = re.compile(
    r"(`[^`\n]+`) is imported, but is not installed here, and [^:\n]+: "
    r"it belongs beside \S+\.(?= |$)"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """An exercise as the page has it."""

    id: str
    title: str
    section: str
    mark: str
    tone: str
    state: str
    notes: tuple[str, ...]
    message: str
    cards: tuple[Card, ...]
    passed: tuple[Item, ...]
    code: Listing | None
    no_code: bool
    """Whether its code is not known here: it was graded in an earlier run."""


def shown(result: Result, course: Course, source: Source | None) -> Shown:
    """One exercise, from its result and, where it is known, its code."""
    listed = {e.id: (e.title, e.section) for e in course.exercises}
    title, section = listed.get(result.exercise, (result.exercise, ""))
    row = WORDING[result.verdict]
    code = Code(result.exercise, source)
    found = cards(result, course, code)
    own = code.whole(place for card in found for place in card.places)
    seen = [listing for card in found for listing in card.listings]
    # Code that a card shows in full is not shown again.
    again = any(each.name == own.name and each.whole for each in seen) or not own.total
    return Shown(
        result.exercise,
        title,
        section,
        row.mark,
        row.tone,
        state(result),
        _notes(result),
        row.instead if row.instead and not found else message(_once(result)),
        found,
        tuple(item(c) for c in result.checks if c.verdict is Verdict.PASSED),
        None if again else own,
        not code.known and bool(result.checks),
    )


def state(result: Result) -> str:
    """How an exercise stands, as its title says it: ``5 of 10: 2 of 8 checks passed``."""
    if result.all_open:
        return f"{_points(result.open_points)} open: our fault, not counted against you"
    decided = [c for c in result.checks if c.verdict not in OPEN]
    passed = sum(c.verdict is Verdict.PASSED for c in decided)
    row = WORDING[result.verdict]
    words = row.long[:1].lower() + row.long[1:]
    if 1 < passed == len(result.checks):
        words = f"all {passed} checks passed"
    elif passed:
        words = f"{passed} of {counted(len(decided), 'check')} passed"
    elif result.verdict is Verdict.FAILED or (decided and result.faulted):
        words = "no check passed"
    so_far = " so far" if result.deferred_points else ""
    return f"{out_of(result.points, result.max_points, ' of ')}{so_far}: {words}"


def _notes(result: Result) -> tuple[str, ...]:
    notes = []
    if result.deferred_points:
        notes.append(f"{_points(result.deferred_points)} still to be graded.")
    if result.open_points and not result.all_open:
        notes.append(f"{_points(result.open_points)} open. {FAULT_IN_PART}.")
    return tuple(notes)


def _points(value: float) -> str:
    return f"{points(value)} {'point' if value == 1 else 'points'}"


def _once(result: Result) -> str:
    """The message about the answer, without what a check says, too: that a module is not there."""
    said = "\n".join(check.message for check in result.checks)

    def kept(match: re.Match[str]) -> str:
        return "" if f"{match[1]} is not installed here" in said else match[0]

    return _NOT_INSTALLED.sub(kept, result.message).strip()
