"""How verdicts look and read, on every screen, page and cell: one row for each.

A new verdict is a member of :class:`~autograder.model.Verdict` and a row of :data:`WORDING`;
terminal, feedback page, notebook cell and `kata` take everything that they show of it from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.model import CheckResult, Verdict
from autograder.text.clean import clean
from autograder.text.cutting import to_lines

Tone = Literal["good", "bad", "quiet", "open"]
"""``quiet``: nothing was tried. ``open``: nobody can say yet."""

FAULT = "GRADER FAULT"
"""Begins each line that tells an instructor of a fault of ours."""

FAULT_IN_PART = "Graded in part: the rest is our fault, and not counted against you"

_NOT_YOURS = "The grader failed here, not your code. Your instructor has been told."


@dataclass(frozen=True, slots=True)
class Wording:
    """What a verdict is called, and how it looks.

    ``mark`` is decoration: words say the same. ``colour`` is a style of rich, for the table of a
    class; ``cell`` stands there in place of 0 points, in at most nine characters (empty: the 0 is
    shown). ``short`` is for `kata`, ``long`` for pages and notebook cells.
    """

    mark: str
    tone: Tone
    colour: str
    cell: str
    short: str
    long: str
    by_mark: bool = False
    """Whether the mark says it: the words are then left out where the mark is seen."""

    waits: str = ""
    """What the points of such a check are, if they are neither earned nor lost."""

    instead: str = ""
    """What a student reads in place of the message, which is for the instructor and may quote the
    grader."""


WORDING: Mapping[Verdict, Wording] = {
    Verdict.PASSED: Wording("✓", "good", "green", "", "passed", "Passed", by_mark=True),
    Verdict.PARTLY: Wording("✗", "bad", "yellow", "", "partly there", "Partly there"),
    Verdict.FAILED: Wording("✗", "bad", "yellow", "", "not yet", "Not yet", by_mark=True),
    Verdict.RAISED: Wording(
        "✗", "bad", "yellow", "raised", "raised an error", "Your code raised an error"
    ),
    Verdict.TIMED_OUT: Wording("✗", "bad", "magenta", "timed out", "timed out", "Timed out"),
    Verdict.CRASHED: Wording("✗", "bad", "red", "crashed", "crashed", "The process crashed"),
    Verdict.OUT_OF_MEMORY: Wording(
        "✗", "bad", "red", "memory", "out of memory", "Ran out of memory"
    ),
    Verdict.NOT_ATTEMPTED: Wording(
        "–", "quiet", "dim", "–", "not started", "Not started", by_mark=True
    ),
    Verdict.REJECTED: Wording(
        "✗", "bad", "red", "rejected", "could not be read", "Could not be read"
    ),
    Verdict.DEFERRED: Wording(
        "…", "open", "cyan", "", "not here", "Still to be graded", waits="to be graded"
    ),
    Verdict.GRADER_FAULT: Wording(
        "!",
        "open",
        "bold red",
        "FAULT",
        "our fault",
        "Our fault: not counted against you",
        waits="open",
        instead=_NOT_YOURS,
    ),
}


def message_lines(text: str) -> list[str]:
    """A message as it is shown: harmless, and cut to what there is room for."""
    return to_lines(clean(text))


def said_by_all(checks: Sequence[CheckResult]) -> CheckResult | None:
    """The check that speaks for all, where several end with the same verdict and message.

    What it says can then be shown once: a syntax error is not eight of them.
    """
    alike = {(check.verdict, check.message) for check in checks}
    return checks[0] if len(checks) > 1 and len(alike) == 1 else None
