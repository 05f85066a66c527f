"""A card for each cause of lost points: what was wrong, where, and which checks it cost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from autograder import clauses
from autograder.model import OPEN, CheckResult, Result, Verdict
from autograder.outline import Course
from autograder.report.code import Code, Listing, Place
from autograder.text.causes import Cause, causes
from autograder.text.clean import clean
from autograder.text.numbers import counted, out_of, points
from autograder.text.wording import WORDING, message_lines

MOST_NAMED = 6
"""Checks that a card names at once; more of them are folded."""

UNREADABLE = "Your code could not be loaded"
"""Begins what is said of a file that Python cannot import."""

_HEADS = (f"{UNREADABLE}: ", "Your code raised: ")
_MISSING = "A name is missing"
_CIRCUMSTANCE = re.compile(r"((?:With|For|After|In|From|While|On|When) [^:\n]{1,160}): (.+)")
_WORDS = 4  # a mistake of fewer words may be another one under another circumstance
_LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class Item:
    """A check in a list: its title, its points, whether it is a public one."""

    title: str
    score: str
    public: bool
    told: str = ""
    """The circumstance in which this check saw the mistake, where each saw it in its own."""


@dataclass(frozen=True, slots=True)
class Card:
    """One cause. ``title`` is the check's, or what several have in common; these are ``items``."""

    title: str
    mark: str
    tone: str
    words: str
    score: str
    hidden: bool
    message: str
    places: tuple[Place, ...]
    listings: tuple[Listing, ...]
    contract: Sequence[str]
    hint: str
    cost: str
    items: tuple[Item, ...]

    @property
    def folded(self) -> bool:
        """Whether the checks are too many to be named at once."""
        return len(self.items) > MOST_NAMED


def cards(result: Result, course: Course, code: Code) -> tuple[Card, ...]:
    """The cards of one exercise, in the order of its checks; a missing name comes first."""
    lost = [c for c in result.checks if c.verdict is not Verdict.PASSED]
    return tuple(_card(cause, result, course, code) for cause in _together(causes(lost)))


def item(check: CheckResult, told: str = "") -> Item:
    """A check as a line of a list."""
    waits = WORDING[check.verdict].waits
    score = points(check.max_points) if waits else out_of(check.points, check.max_points, " of ")
    return Item(clean(check.title), score, check.public, clean(told))


def message(text: str) -> str:
    """A message as it is shown."""
    return "\n".join(message_lines(text))


def _apart(text: str) -> tuple[str, str]:
    """A message's circumstance (may be empty) and the mistake: ``With delay=0`` and ``slept…``."""
    first = text.partition("\n")[0]
    match = _CIRCUMSTANCE.fullmatch(first)
    return (match[1], match[2]) if match else ("", first)


def _together(found: Iterable[Cause]) -> list[Cause]:
    """The causes, with one for all checks that wait for the same, and one for all that saw the
    same mistake under different circumstances."""
    joined: dict[tuple[object, ...], Cause] = {}
    for cause in found:
        key = _key(cause)
        if key in joined:
            both = replace(joined[key], checks=(*joined[key].checks, *cause.checks))
            if _says_all(both):
                joined[key] = both
                continue
            key = (*key, cause.first.name)
        joined[key] = cause
    return list(joined.values())


def _key(cause: Cause) -> tuple[object, ...]:
    check = cause.first
    if check.verdict in OPEN:
        return check.verdict, WORDING[check.verdict].instead or check.message
    circumstance, mistake = _apart(cause.message)
    if check.verdict is Verdict.FAILED and circumstance and mistake.count(" ") >= _WORDS:
        return check.verdict, mistake
    return check.verdict, check.name


def _says_all(cause: Cause) -> bool:
    """Whether the message of a cause holds all that its checks say beyond their first line."""
    details = {c.message for c in cause.checks if "\n" in c.message}
    return cause.first.verdict in OPEN or details <= {cause.message}


def _card(cause: Cause, result: Result, course: Course, code: Code) -> Card:
    check, row = cause.first, WORDING[cause.first.verdict]
    several = len(cause.checks) > 1 or cause.missing
    mistake = check.verdict is Verdict.FAILED and not cause.missing
    # A contract has nothing to do with a file that cannot be read, nor with what is not written.
    unreadable = cause.message.startswith(UNREADABLE)
    related = check.verdict not in (*OPEN, Verdict.NOT_ATTEMPTED) and not unreadable
    earned, most = (sum(getattr(c, n) for c in cause.checks) for n in ("points", "max_points"))
    places = code.places(cause.message)
    text = code.without(cause.message, places)
    text = next((text.removeprefix(head) for head in _HEADS if text.startswith(head)), text)
    title = clean(_title(cause) if several else check.title)
    if several and text.rstrip(".").lower() == title.rstrip(".").lower():
        text = ""
    told = {_apart(c.message)[0] for c in cause.checks} if mistake else set()
    explained = related and (not several or len(told) > 1)
    return Card(
        title=title,
        mark=row.mark,
        tone=row.tone,
        words="" if several else row.long,
        score=f"{points(most)} {row.waits}" if row.waits else out_of(earned, most, " of "),
        hidden=not several and not check.public,
        message=row.instead or message(text),
        places=places,
        listings=code.around(places),
        contract=clauses.sentences(course, result.exercise, check.name) if explained else (),
        hint=check.hint if explained else "",
        cost=_cost(cause) if several else "",
        items=tuple(item(c, _apart(c.message)[0] if len(told) > 1 else "") for c in cause.checks)
        if several
        else (),
    )


def _title(cause: Cause) -> str:
    """The heading of a card for several checks: what they have in common."""
    verdict, said = cause.first.verdict, cause.message
    if cause.missing:
        return _MISSING
    if said.startswith(UNREADABLE):
        return UNREADABLE
    if verdict is Verdict.FAILED:
        sentence = _apart(said)[1].partition(". ")[0].rstrip(".") + "."
        if len(sentence) <= _LONGEST_TITLE:
            return sentence[:1].upper() + sentence[1:]
    return WORDING[verdict].long


def _cost(cause: Cause) -> str:
    number = counted(len(cause.checks), "check")
    if cause.first.verdict in OPEN:
        return number
    were = "was" if cause.not_run == 1 else "were"
    return f"It cost {number}" + (f"; {cause.not_run} {were} not run" if cause.not_run else "")
