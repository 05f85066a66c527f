"""What a student is told of each check, as plain text: for pages that other programs make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.ingest.accounting import GRADED, Row
from autograder.model import OPEN, CheckResult, Result, Verdict
from autograder.outline import Course
from autograder.report.cards import UNREADABLE
from autograder.text.causes import Cause, causes
from autograder.text.clean import clean, one_line
from autograder.text.numbers import counted, points, points_are, sums
from autograder.text.wording import WORDING, message_lines

MOST_FILES = 100
"""Files that are listed one by one as not graded."""


@dataclass(frozen=True, slots=True)
class Told:
    """One check of a student, or an exercise that has none because nothing could be run.

    ``number`` is unique among those of a student. ``open`` says that its points are neither
    earned nor lost.
    """

    exercise: str
    number: str
    title: str
    verdict: Verdict
    points: float
    most: float
    text: str
    public: bool = True

    @property
    def open(self) -> bool:
        return self.verdict in OPEN


def in_order(results: Iterable[Result], course: Course) -> list[Result]:
    """A student's results in the order of the outline; what is no part of it comes last."""
    order = {e.id: number for number, e in enumerate(course.exercises)}
    return sorted(results, key=lambda r: (order.get(r.exercise, len(order)), r.exercise))


def told(results: Iterable[Result], course: Course) -> list[Told]:
    """Every check of one student, in the order of the outline."""
    return [
        one
        for number, result in enumerate(in_order(results, course), 1)
        for one in _of_exercise(result, str(number))
    ]


def _of_exercise(result: Result, number: str) -> Iterator[Told]:
    if not result.checks:
        row = WORDING[result.verdict]
        said = row.instead or _lines(result.message)
        text = f"{row.long}. {said}".strip() if said else f"{row.long}."
        title = f"The whole exercise ({points(result.worth)} points)"
        yield Told(result.exercise, number, title, result.verdict, 0.0, result.worth, text)
        return
    numbers = {c.name: f"{number}.{place}" for place, c in enumerate(result.checks, 1)}
    texts = dict(_texts(result.checks, numbers))
    for place, check in enumerate(result.checks):
        text = texts[check.name]
        if not place and result.message and not WORDING[result.verdict].instead:
            text = "\n".join(filter(None, [_lines(result.message), text]))
        yield Told(
            result.exercise,
            numbers[check.name],
            clean(check.title),
            check.verdict,
            check.points,
            check.max_points,
            text,
            check.public,
        )


def _texts(checks: Sequence[CheckResult], numbers: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The text of each check by its name; a reason is told once, by the first that met it."""
    for cause in causes(checks):
        first, *others = cause.checks
        yield first.name, _text(cause)
        for check in others:
            words = WORDING[check.verdict].long
            yield check.name, f"{words}, for the same reason as {numbers[first.name]}."


def _text(cause: Cause) -> str:
    check, row = cause.first, WORDING[cause.first.verdict]
    lines = ["" if check.verdict is Verdict.FAILED else f"{row.long}."]
    lines.append(row.instead or _lines(cause.message))
    # A hint has nothing to do with a file that cannot be loaded.
    tried = check.verdict not in (*OPEN, Verdict.PASSED, Verdict.NOT_ATTEMPTED)
    if check.hint and tried and not cause.message.startswith(UNREADABLE):
        lines.append(f"Hint: {clean(check.hint)}")
    return "\n".join(filter(None, lines))


def _lines(message: str) -> str:
    return "\n".join(message_lines(message))


def standing(results: Iterable[Result]) -> list[str]:
    """How one student stands, in sentences: points, what is open and why."""
    results = list(results)
    all_ = sums(results)
    lines = [f"{points(all_.points)} of {points(all_.most)} points."]
    if all_.deferred:
        waits = {
            one_line(c.message) for r in results for c in r.checks if c.verdict is Verdict.DEFERRED
        }
        lines.append(
            f"{points_are(all_.deferred)} still to be graded, on another machine, and not lost: "
            f"{' '.join(sorted(waits))}"
        )
    if all_.open:
        lines.append(f"{points_are(all_.open)} open: our fault, and not counted against you.")
    if any(not r.sandboxed for r in results):
        lines.append("This was graded without the sandbox.")
    return lines


def not_graded(rows: Iterable[Row]) -> list[str]:
    """A heading, and a line with the reason for each file that was not graded; or nothing."""
    left = [row for row in rows if row.state != GRADED]
    if not left:
        return []
    lines = [f"{counted(len(left), 'file')} not graded:"]
    for row in left[:MOST_FILES]:
        lines.append(f"  {one_line(row.path, 200)}: {one_line(row.reason or row.state, 300)}")
    if len(left) > MOST_FILES:
        lines.append(f"  and {len(left) - MOST_FILES} more")
    return lines
