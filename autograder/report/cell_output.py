"""A result as the text of a notebook cell's output."""

from __future__ import annotations

import textwrap

from autograder.model import CheckResult, Result, Verdict
from autograder.text.numbers import out_of, points
from autograder.text.wording import WORDING, Wording, message_lines, said_by_all


def feedback(result: Result) -> str:
    """What a student reads under the checks cell: points, each check, what to try next."""
    row = WORDING[result.verdict]
    lines = [_points(result)]
    if result.message and not row.instead:
        lines += ["", *message_lines(result.message)]
    if row.instead and not result.checks:
        lines += ["", row.instead]
    once = None if result.verdict is Verdict.PASSED or row.instead else said_by_all(result.checks)
    if once is not None:
        word = f"{row.long}." if _word(row) else ""
        lines += ["", *([word] if word else []), *message_lines(once.message)]
    else:
        for check in result.checks:
            lines += _check(check)
    if not result.sandboxed:
        lines += ["", "Graded without the sandbox."]
    return "\n".join(lines) + "\n"


def _points(result: Result) -> str:
    if result.all_open:
        return f"{points(result.open_points)} points open"
    line = f"{out_of(result.points, result.max_points, ' of ')} points"
    if result.deferred_points:
        line += f" so far; {points(result.deferred_points)} still to be graded"
    if result.open_points:
        line += f"; {points(result.open_points)} more open"
    return line


def _mark(row: Wording) -> str:
    # A check that was not started is one without points here, where no other mark says so.
    return "✗" if row.tone == "quiet" else row.mark


def _word(row: Wording) -> str:
    """What goes on in a line after the check's title; empty where the mark says it."""
    if row.instead or (row.by_mark and _mark(row) == row.mark):
        return ""
    return row.long[:1].lower() + row.long[1:]


def _check(check: CheckResult) -> list[str]:
    row = WORDING[check.verdict]
    word = _word(row)
    score = out_of(check.points, check.max_points)
    if row.instead:
        score = f"{points(check.max_points)} {row.waits}"
    head = f"{_mark(row)} {check.title} ({score})"
    lines = ["", head + (f": {word}" if word else "")]
    if row.instead:
        return [*lines, f"  {row.instead}"]
    if check.message and check.verdict is not Verdict.PASSED:
        lines += [f"  {line}" for line in message_lines(check.message)]
    if check.hint:
        lines += textwrap.wrap(
            f"Hint: {check.hint}", 92, initial_indent="  ", subsequent_indent="  "
        )
    return lines
