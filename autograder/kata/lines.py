"""What is said of a check, in lines that the terminal and a notebook show alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from autograder.ingest.contents.carried import Beside
from autograder.judging.session import Evidence
from autograder.kata.checking import Checked
from autograder.kata.measures import measured
from autograder.model import CheckResult, Verdict
from autograder.outline import Exercise
from autograder.text.causes import Cause, causes
from autograder.text.clean import clean
from autograder.text.numbers import counted, points
from autograder.text.wording import WORDING, message_lines

CONTRACT = "The contract says:"
PRINTED_LINES = 12
"""Most lines of one check's prints that are shown; the rest is counted."""


Kind = Literal[
    "head",
    "quiet",
    "good",
    "so far",
    "bad",
    "open",
    "message",
    "prose",
    "code",
    "hint",
    "measured",
    "printed",
    "summary",
    "next",
]
MARKS: dict[Kind, str] = {
    "good": "✓",
    "so far": "◐",
    "bad": "✗",
    "open": "–",
    "printed": "│",
    "next": "→",
}
SPOKEN: dict[Kind, str] = {"printed": "printed", "next": "type"}
"""What is said in place of a mark where a line has no label."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line to show. ``label`` names what its mark shows (``passed``, ``timed out``), which
    is left out beside a mark if ``by_mark``; ``level`` is the indentation. Rows that follow when it
    is wrapped begin below the character number ``column`` of the text."""

    kind: Kind
    text: str
    label: str = ""
    level: int = 0
    by_mark: bool = False
    column: int = 0


def of_verdict(verdict: Verdict, text: str) -> Line:
    """A line that begins with what became of a check or an exercise."""
    row = WORDING[verdict]
    kind: Kind = "open" if row.tone == "quiet" else row.tone
    return Line(kind, text, row.short, by_mark=row.by_mark)


def lines(checked: Checked, *, alone: bool = True) -> list[Line]:
    """Everything that is said of one exercise; what comes next only if it is checked ``alone``."""
    exercise = checked.exercise
    shown = [Line("head", f"{exercise.id}: {exercise.title}"), Line("quiet", checked.where)]
    shown += came_along(checked.beside)
    once = _once(checked)
    if once is not None:
        shown += once
    else:
        for cause in causes(checked.result.checks):
            shown += _cause(cause, checked)
    shown += _printed(checked)
    shown += _summary(checked)
    if alone and checked.passed and checked.remembered:
        shown += coming(checked.following)
    return shown


def came_along(beside: Beside | None) -> Iterator[Line]:
    """Which files came along with an answer, and what is to be said of others."""
    if beside is None:
        return
    if beside.files:
        names = [name for name, _ in beside.files]
        more = [f"{len(names) - 6} more"] if len(names) > 6 else []
        yield Line("quiet", f"with {', '.join([*names[:6], *more])}")
    for note in beside.notes:
        yield Line("bad", note, "note")


def fitted(shown: list[Line], rows: float, height: Callable[[Line], int]) -> list[Line]:
    """Lines of one exercise that fit on a screen of ``rows``: what failed first keeps its words.

    Passed checks shrink to a count, then the last failures to their titles, and then to a count,
    too. At last the first failure loses its quotation of the contract.
    """

    def fits() -> bool:
        return sum(map(height, shown)) <= rows

    if fits():
        return shown
    passed = [n for n, line in enumerate(shown) if line.kind == "good"]
    if len(passed) > 1:
        count = Line("good", f"{len(passed)} checks passed", "passed")
        shown = _in_place(shown, passed, count)
    failed = [n for n, line in enumerate(shown) if line.kind == "bad"]
    for last in reversed(failed[1:]):
        if fits():
            return shown
        gone = _below(shown, [last])
        shown = [line for n, line in enumerate(shown) if n not in gone]
    failed = [n for n, line in enumerate(shown) if line.kind == "bad"]
    if len(failed) > 2 and not fits():
        more = f"{len(failed) - 1} more checks failed; `kata check` shows them"
        shown = _in_place(shown, failed[1:], Line("bad", more, "failed", by_mark=True))
    if not fits():
        quoted = [n for n, line in enumerate(shown) if line.text.startswith(CONTRACT)]
        shown = [line for n, line in enumerate(shown) if n not in quoted]
    return shown


def _in_place(shown: list[Line], places: list[int], line: Line) -> list[Line]:
    """One line in place of those at ``places`` and what belongs to them."""
    gone = {*places[1:], *_below(shown, places)}
    return [line if n == places[0] else old for n, old in enumerate(shown) if n not in gone]


def _below(shown: list[Line], heads: list[int]) -> set[int]:
    """Places of the indented lines that belong to the lines at ``heads``."""
    gone: set[int] = set()
    for head in heads:
        number = head + 1
        while number < len(shown) and shown[number].level and shown[number].kind != "printed":
            gone.add(number)
            number += 1
    return gone


def _once(checked: Checked) -> list[Line] | None:
    """What ended everything, without the titles of checks: a syntax error has nothing to do with
    any of them."""
    result = checked.result
    verdict, message = result.verdict, result.message
    if result.checks:
        found = causes(result.checks)
        cause = found[0]
        alone = len(result.checks) == 1 or cause.not_run
        if len(found) > 1 or alone or cause.first.verdict is Verdict.PASSED:
            return None
        if cause.first.verdict is Verdict.FAILED and not cause.missing:
            return None
        verdict, message = cause.first.verdict, cause.message
    if verdict is Verdict.NOT_ATTEMPTED:
        message = f"In {checked.where}, replace the line that raises NotImplementedError."
    text = _fault(message) if WORDING[verdict].instead else message
    first, *rest = message_lines(text) or [""]
    return [of_verdict(verdict, first), *[Line("message", line, level=1) for line in rest]]


def _fault(message: str) -> str:
    return (
        "The check itself failed, not your code; nothing is counted. Please report it: "
        + (message.strip().splitlines() or ["(no message)"])[-1][:300]
    )


def _cause(cause: Cause, checked: Checked) -> Iterator[Line]:
    """One reason: the check that met it first, its message, how many more met it."""
    check = cause.first
    yield of_verdict(check.verdict, _titled(check, checked))
    message = _fault(check.message) if WORDING[check.verdict].instead else cause.message
    for line in message_lines(message):
        yield Line("message", line, level=1)
    if cause.others:
        yield Line("quiet", f"The same in {counted(cause.others, 'other check')}.", level=1)
    if cause.not_run:
        were = "check was" if cause.not_run == 1 else "checks were"
        yield Line("quiet", f"{cause.not_run} other {were} not run.", level=1)
    if len(cause.checks) > 1:
        return
    contract = checked.contract.get(check.name, ())
    if contract and check.verdict in (Verdict.FAILED, Verdict.PARTLY):
        yield Line("quiet", f"{CONTRACT} {' … '.join(contract)}", level=1)
    if check.hint and check.verdict is Verdict.FAILED:
        yield Line("hint", f"Hint: {check.hint}", level=1)
    if check.verdict in (Verdict.PASSED, Verdict.FAILED):
        values = checked.evidence.get(check.name, Evidence()).measured
        for text in measured(values, as_fast="times as fast" in check.title):
            yield Line("measured", text, level=1)


def _titled(check: CheckResult, checked: Checked) -> str:
    """A check's title; a hidden one is marked where there are public ones, too."""
    mixed = len({c.public for c in checked.result.checks}) > 1
    return f"{check.title} (hidden)" if mixed and not check.public else check.title


def _printed(checked: Checked) -> Iterator[Line]:
    """What the student's code printed, apart from the verdict; hidden inputs stay hidden."""
    texts: dict[str, list[str]] = {}
    kept_back = 0
    for check in checked.result.checks:
        printed = checked.evidence.get(check.name, Evidence()).printed
        if printed and check.public:
            texts.setdefault(printed, []).append(check.title)
        elif printed:
            kept_back += 1
    for printed, titles in texts.items():
        where = f"in “{titles[0]}”" if len(titles) == 1 else f"in {len(titles)} checks"
        rows = clean(printed).splitlines()
        yield Line("quiet", f"Your code printed, {where}:")
        for line in rows[:PRINTED_LINES]:
            shown = line if len(line) <= 200 else f"{line[:200]} … ({len(line)} characters)"
            yield Line("printed", shown, level=1)
        if len(rows) > PRINTED_LINES:
            yield Line("quiet", f"… and {len(rows) - PRINTED_LINES} lines more", level=1)
    if kept_back and not texts:
        words = "Your code printed in checks with hidden inputs; those prints are not shown."
        yield Line("quiet", words)


def _summary(checked: Checked) -> Iterator[Line]:
    passed, ran = checked.counts
    deferred, hidden = checked.deferred, checked.hidden
    whole = not deferred and not hidden and not checked.result.faults
    if checked.unsaved:
        yield Line("bad", checked.unsaved, "note")
    if not checked.result.checks:
        if hidden:
            yield Line("summary", f"{counted(hidden, 'hidden check')} will run at grading.")
        return
    checks = f"{passed} of {counted(ran, 'check')}"
    if checked.passed and whole and ran > 1:
        yield Line("summary", f"All {ran} checks passed.", "passed")
    elif checked.passed and hidden:
        yield Line("so far", f"{_of_all(ran)} passed.", "passed so far", by_mark=True)
    elif checked.passed and not whole:
        yield Line("summary", f"{checks} that can run here passed.", "passed")
    else:
        yield Line("summary", f"{checks} passed.", "passed" if checked.passed else "")
    if deferred:
        needs = " ".join(dict.fromkeys(c.message for c in deferred))
        yield Line("quiet", f"{counted(len(deferred), 'check')} not run here. {needs}")
    faults = len(checked.result.faults)
    if faults:
        yield Line(
            "quiet", f"{counted(faults, 'check')} not counted: the grader failed there, see above."
        )
    if hidden:
        yield Line(
            "summary", f"{counted(hidden, 'hidden check')} will run at grading{_so_far(checked)}."
        )
    id = checked.exercise.id
    if checked.passed and not hidden:  # where checks are hidden, so is the reference
        yield from steps((f"kata solution {id}", "compares yours with the reference"))
    elif not checked.passed and checked.exercise.hints:
        yield Line("next", f"kata hint {id}   when you are stuck")


def _of_all(number: int) -> str:
    return f"All {number} public checks" if number > 1 else f"{number} of 1 public check"


def _so_far(checked: Checked) -> str:
    """The points that public checks have earned, where it is known what they are worth."""
    if checked.exercise.public_points is None:
        return ""
    earned = points(checked.result.points)
    return f"; so far you have {earned} of {points(checked.exercise.points)} points"


def coming(exercise: Exercise | None) -> Iterator[Line]:
    """What to do after a pass: the next exercise by name; None where none is left."""
    if exercise is None:
        yield Line("summary", "Every exercise is passed. Well done.")
        return
    yield Line("summary", f"Next: {exercise.id}, {exercise.title} (about {exercise.minutes} min)")
    yield from steps((f"kata show {exercise.id}", "what it asks for"))


def steps(*typed: tuple[str, str]) -> Iterator[Line]:
    """What to type next, and what it does, one below the other."""
    wide = max(len(command) for command, _ in typed)
    for command, does in typed:
        yield Line("next", f"{command:{wide}}   {does}", column=wide + 3)
