"""The list that a run ends with: answers that a person should look at, and why."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable

from autograder.model import Result
from autograder.text.clean import clean
from autograder.text.numbers import counted

MOST_LINES = 40
"""A longer list is cut here on the screen; ``results.jsonl`` has every sign."""


def review_lines(results: Iterable[Result]) -> list[str]:
    """A heading and a line per answer with signs; empty if no answer has signs."""
    count = itertools.count()
    marked = (r for r in results if r.review and next(count) >= 0)
    first = heapq.nsmallest(MOST_LINES, marked, key=lambda r: (r.student, r.exercise))
    total = next(count)
    if not total:
        return []
    lines = [f"{counted(total, 'answer')} to look at; the marks stand as they are:"]
    for result in first:
        lines.append(f"  {clean(result.student)}, {result.exercise}: {'; '.join(result.review)}")
    if total > MOST_LINES:
        lines.append(f"  … {total - MOST_LINES} more: `review` in results.jsonl")
    return lines
