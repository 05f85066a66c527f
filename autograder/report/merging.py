"""Several runs into one output folder: what each of them graded stays, and what is new is said.

A result takes the place of an earlier one of the same student and exercise. What a run does not
hold takes nothing away: neither a student who is not in it, nor an exercise that was not asked
for, nor an answer of which nothing was handed in this time.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.model import Result, Verdict
from autograder.outline import Course
from autograder.text.clean import one_line, whole
from autograder.text.numbers import counted, out_of, points
from autograder.text.regular import open_regular
from autograder.text.wording import WORDING

NAME = "results.jsonl"
MOST_NAMED = 8
"""Students and marks that a note names; the others are counted."""

_NO_RESULT = (ValueError, LookupError, TypeError, AttributeError, RecursionError)

Key = tuple[str, str]


@dataclass(slots=True)
class Merged:
    """All results that the folder is to hold, and those among them of this run's answers."""

    results: list[Result]
    current: list[Result]
    notes: list[str] = field(default_factory=list)
    earlier: frozenset[Key] = frozenset()
    """Those of ``current`` that are kept from an earlier run, because this one has no answer."""

    unread: str = ""
    """What could not be read of the earlier results, and where it is kept; empty mostly."""


def merged(out: Path, results: Sequence[Result], course: Course) -> Merged:
    """The results of this run beside those of earlier ones in the folder ``out``.

    An earlier file that cannot be read, be it one line of it, is moved aside. Raises ``OSError``
    where that cannot be done.
    """
    earlier, unread = _earlier(out)
    if not earlier:
        return Merged(list(results), list(results), unread=unread)
    new = {_key(result): result for result in results}
    missing = {
        key: earlier[key]
        for key, result in new.items()
        if key in earlier
        and result.verdict is Verdict.NOT_ATTEMPTED
        and not result.checks  # as a stub that was handed in has
        and earlier[key].verdict is not Verdict.NOT_ATTEMPTED
    }
    all_ = earlier | new | missing
    place = {e.id: number for number, e in enumerate(course.exercises)}
    order = sorted(all_, key=lambda k: (k[0], place.get(k[1], len(place)), k[1]))
    current = [missing.get(_key(result), result) for result in results]
    notes = [*_kept(earlier, new), *_missing(missing), *_replaced(earlier, new, missing)]
    return Merged([all_[key] for key in order], current, notes, frozenset(missing), unread)


def _key(result: Result) -> Key:
    """Student and exercise, as a line of the file has them."""
    return whole(result.student), result.exercise


# -- what is said -----------------------------------------------------------------------------


def _kept(earlier: dict[Key, Result], new: dict[Key, Result]) -> list[str]:
    here = {student for student, _ in new}
    others = dict.fromkeys(student for student, _ in earlier if student not in here)
    more = sum(key not in new and key[0] in here for key in earlier)
    words = []
    if others:
        words.append(f"{counted(len(others), 'student')} not in this run ({_named(others)})")
    if more:
        words.append(f"{counted(more, 'other result')} of students in this run")
    if not words:
        return []
    return [f"Also kept from earlier runs, and not in the table: {' and '.join(words)}."]


def _missing(missing: dict[Key, Result]) -> list[str]:
    if not missing:
        return []
    names = [f"{student} {exercise}" for student, exercise in missing]
    count = counted(len(names), "earlier result")
    return [f"{count} kept, because this run has no answer: {_named(names)}."]


def _replaced(
    earlier: dict[Key, Result], new: dict[Key, Result], missing: dict[Key, Result]
) -> list[str]:
    pairs = [(earlier[k], new[k]) for k in new if k in earlier and k not in missing]
    if not pairs:
        return []
    changed = [(old, now) for old, now in pairs if _mark(old) != _mark(now)]
    count = counted(len(pairs), "earlier result")
    if not changed:
        return [f"{count} replaced; no mark changed."]
    named = [f"{now.student} {now.exercise} {_mark(old)} → {_mark(now)}" for old, now in changed]
    return [f"{count} replaced; {counted(len(changed), 'mark')} changed: {_named(named)}."]


def _mark(result: Result) -> str:
    if result.all_open:
        return WORDING[Verdict.GRADER_FAULT].waits
    if result.faulted:
        return out_of(result.points, result.max_points)
    return points(result.points)


def _named(names: Iterable[str]) -> str:
    names = [one_line(name, 100) for name in names]
    more = f", and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


# -- what is there ----------------------------------------------------------------------------


def _earlier(out: Path) -> tuple[dict[Key, Result], str]:
    """The results of earlier runs, and what of them could not be read."""
    path = out / NAME
    if not os.path.lexists(path):
        return {}, ""
    results: dict[Key, Result] = {}
    problem = ""
    try:
        with open_regular(path) as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    result = _sound(Result.from_dict(json.loads(line)))
                except _NO_RESULT as error:
                    problem = problem or f"line {number}: {_words(error)}"
                else:
                    results[_key(result)] = result
    except OSError as error:
        problem = error.strerror or str(error)
    if not problem:
        return results, ""
    aside = _move_aside(path)
    count = counted(len(results), "result")
    return results, one_line(
        f"{NAME} of an earlier run cannot be read ({problem}): it was moved to {aside.name}, and "
        f"{count} could be read."
    )


def _words(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return "not JSON: cut off or edited"
    return f"not a result of this version ({type(error).__name__}: {error})"


def _move_aside(path: Path) -> Path:
    number = 1
    while os.path.lexists(path.with_name(f"results-unread-{number}.jsonl")):
        number += 1
    return path.rename(path.with_name(f"results-unread-{number}.jsonl"))


def _sound(result: Result) -> Result:
    """A result that every report can show; ``TypeError`` for one of other types."""
    texts: list[object] = [result.student, result.exercise, result.seed, result.message]
    numbers: list[object] = [result.worth]
    for check in result.checks:
        texts += [check.name, check.title, check.message, check.hint, check.fault]
        numbers += [check.points, check.max_points, check.seconds]
    texts += result.review
    for value in texts:
        if not isinstance(value, str):
            raise TypeError(f"{value!r} should be text")
    for number in numbers:
        if not isinstance(number, int | float) or not math.isfinite(number):
            raise TypeError(f"{number!r} should be a number")
    return result
