"""The list that a run ends with: answers that a person should look at, and why."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.model import Result
from autograder.text.clean import clean
from autograder.text.numbers import counted

MOST_LINES = 40
"""A longer list is cut here on the screen; ``results.jsonl`` has every sign."""


def review_lines(results: Iterable[Result]) -> list[str]:
    """A heading and a line per answer with signs; empty if no answer has signs."""
    marked = [r for r in results if r.review]
    if not marked:
        return []
    marked.sort(key=lambda r: (r.student, r.exercise))
    lines = [f"{counted(len(marked), 'answer')} to look at; the marks stand as they are:"]
    for result in marked[:MOST_LINES]:
        lines.append(f"  {clean(result.student)}, {result.exercise}: {'; '.join(result.review)}")
    if len(marked) > MOST_LINES:
        lines.append(f"  … {len(marked) - MOST_LINES} more: `review` in results.jsonl")
    return lines
