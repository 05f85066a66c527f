"""A result as the text of a notebook cell's output."""

from __future__ import annotations

import textwrap

from autograder.model import CheckResult, Result, Verdict
from autograder.text.clean import clean
from autograder.text.numbers import points

_MARKS = {Verdict.PASSED: "✓", Verdict.DEFERRED: "…", Verdict.GRADER_FAULT: "!"}
_WORDS = {
    Verdict.RAISED: "your code raised an error",
    Verdict.TIMED_OUT: "timed out",
    Verdict.CRASHED: "the process crashed",
    Verdict.OUT_OF_MEMORY: "ran out of memory",
    Verdict.NOT_ATTEMPTED: "not started",
    Verdict.REJECTED: "could not be read",
    Verdict.DEFERRED: "still to be graded",
}
_FAULT = "The grader failed here, not your code. Your instructor has been told."
_MOST_LINES = 14


def feedback(result: Result) -> str:
    """What a student reads under the checks cell: points, each check, what to try next."""
    lines = [f"{points(result.points)} of {points(result.max_points)} points"]
    if result.deferred_points:
        lines[0] += f" so far; {points(result.deferred_points)} still to be graded"
    if result.open_points:
        lines[0] += f"; {points(result.open_points)} more open"
    if result.faulted and not result.max_points:
        lines = [f"{points(result.open_points)} points open"]
    fault = result.verdict is Verdict.GRADER_FAULT
    said = {(c.verdict, c.message) for c in result.checks}
    once = len(result.checks) > 1 and len(said) == 1 and result.verdict is not Verdict.PASSED
    if result.message and not fault:
        lines += ["", *_cut(result.message)]
    if fault and not result.checks:
        lines += ["", _FAULT]
    if once and not fault:
        word = _WORDS.get(result.verdict)
        message = result.checks[0].message
        lines += ["", *([word.capitalize() + "."] if word else []), *_cut(message)]
    else:
        for check in result.checks:
            lines += _check(check)
    if not result.sandboxed:
        lines += ["", "Graded without the sandbox."]
    return "\n".join(lines) + "\n"


def _check(check: CheckResult) -> list[str]:
    mark = _MARKS.get(check.verdict, "✗")
    word = _WORDS.get(check.verdict, "")
    score = f"{points(check.points)}/{points(check.max_points)}"
    if check.verdict is Verdict.GRADER_FAULT:
        score = f"{points(check.max_points)} open"
    head = f"{mark} {check.title} ({score})"
    lines = ["", head + (f": {word}" if word else "")]
    if check.verdict is Verdict.GRADER_FAULT:
        # Words of a grader fault are for the instructor: they may quote the grader.
        return [*lines, f"  {_FAULT}"]
    if check.message and check.verdict is not Verdict.PASSED:
        lines += [f"  {line}" for line in _cut(check.message)]
    if check.hint:
        lines += textwrap.wrap(
            f"Hint: {check.hint}", 92, initial_indent="  ", subsequent_indent="  "
        )
    return lines


def _cut(text: str) -> list[str]:
    lines = clean(text[:2400]).splitlines()
    return lines[:_MOST_LINES] + (["…"] if len(lines) > _MOST_LINES else [])
