"""Several runs into one output folder: what each of them graded stays, and what is new is said.

A result takes the place of an earlier one of the same student and exercise. What a run does not
hold takes nothing away: neither a student who is not in it, nor an exercise that was not asked
for, nor an answer of which nothing was handed in this time.
"""

from __future__ import annotations

import json
import math
import os
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from autograder.model import Result, Verdict
from autograder.outline import Course
from autograder.text.clean import one_line, whole
from autograder.text.numbers import counted, out_of, points
from autograder.text.regular import open_regular
from autograder.text.spool import Joined, Picked, Spool
from autograder.text.wording import WORDING

NAME = "results.jsonl"
MOST_NAMED = 8
"""Students and marks that a note names; the others are counted."""

_NO_RESULT = (ValueError, LookupError, TypeError, AttributeError, RecursionError)

Key = tuple[str, str]
Places = dict[Key, int]
"""Where the results of keys are."""


@dataclass(slots=True)
class Merged:
    """All results that the folder is to hold, and those among them of this run's answers."""

    results: Sequence[Result]
    current: Sequence[Result]
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
    kept, earlier, unread = _earlier(out)
    if not earlier:
        return Merged(results, results, unread=unread)
    every = Joined(kept, results)
    new = {_key(result): number for number, result in enumerate(results, len(kept))}
    missing = {
        key: earlier[key]
        for key, number in new.items()
        if key in earlier and _fills(every[earlier[key]], every[number])
    }
    places = earlier | new | missing
    at = {e.id: number for number, e in enumerate(course.exercises)}
    order = sorted(places, key=lambda k: (k[0], at.get(k[1], len(at)), k[1]))
    current = (missing.get(_key(r), number) for number, r in enumerate(results, len(kept)))
    notes = [
        *_kept(earlier, new),
        *_missing(missing),
        *_replaced(every, earlier, {k: n for k, n in new.items() if k not in missing}),
    ]
    return Merged(
        Picked(every, array("L", (places[key] for key in order))),
        Picked(every, array("L", current)),
        notes,
        frozenset(missing),
        unread,
    )


def _fills(earlier: Result, result: Result) -> bool:
    """Whether this run has no answer and an earlier one had."""
    return (
        result.verdict is Verdict.NOT_ATTEMPTED
        and not result.checks  # as a stub that was handed in has
        and earlier.verdict is not Verdict.NOT_ATTEMPTED
    )


def _key(result: Result) -> Key:
    """Student and exercise, as a line of the file has them."""
    return sys.intern(whole(result.student)), sys.intern(result.exercise)


# -- what is said -----------------------------------------------------------------------------


def _kept(earlier: Places, new: Places) -> list[str]:
    here = {student for student, _ in new}
    others = dict.fromkeys(student for student, _ in earlier if student not in here)
    more = sum(key not in new and key[0] in here for key in earlier)
    words = []
    if others:
        words.append(f"{counted(len(others), 'student')} not in this run ({_named([*others])})")
    if more:
        words.append(f"{counted(more, 'other result')} of students in this run")
    if not words:
        return []
    return [f"Also kept from earlier runs, and not in the table: {' and '.join(words)}."]


def _missing(missing: Places) -> list[str]:
    if not missing:
        return []
    names = [f"{student} {exercise}" for student, exercise in islice(missing, MOST_NAMED)]
    count = counted(len(missing), "earlier result")
    return [f"{count} kept, because this run has no answer: {_named(names, len(missing))}."]


def _replaced(every: Sequence[Result], earlier: Places, new: Places) -> list[str]:
    pairs = changed = 0
    named: list[str] = []
    for key, number in new.items():
        if key not in earlier:
            continue
        pairs += 1
        old, now = every[earlier[key]], every[number]
        if (before := _mark(old)) != (mark := _mark(now)):
            changed += 1
            if len(named) < MOST_NAMED:
                named.append(f"{now.student} {now.exercise} {before} → {mark}")
    if not pairs:
        return []
    count = counted(pairs, "earlier result")
    if not changed:
        return [f"{count} replaced; no mark changed."]
    marks = counted(changed, "mark")
    return [f"{count} replaced; {marks} changed: {_named(named, changed)}."]


def _mark(result: Result) -> str:
    if result.all_open:
        return WORDING[Verdict.GRADER_FAULT].waits
    if result.faulted:
        return out_of(result.points, result.max_points)
    return points(result.points)


def _named(names: Sequence[str], count: int | None = None) -> str:
    """The first of ``count`` names, which is all of them when None."""
    left = (len(names) if count is None else count) - MOST_NAMED
    shown = ", ".join(one_line(name, 100) for name in names[:MOST_NAMED])
    return f"{shown}, and {left} more" if left > 0 else shown


# -- what is there ----------------------------------------------------------------------------


def _earlier(out: Path) -> tuple[Sequence[Result], Places, str]:
    """The results of earlier runs, the place of each, and what of them could not be read."""
    path = out / NAME
    results: Spool[Result] = Spool()
    places: Places = {}
    if not os.path.lexists(path):
        return results, places, ""
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
                    places[_key(result)] = results.append(result)
    except OSError as error:
        problem = error.strerror or str(error)
    if not problem:
        return results, places, ""
    aside = _move_aside(path)
    count = counted(len(places), "result")
    words = f"cannot be read ({problem}): it was moved to {aside.name}, and {count} could be read."
    return results, places, one_line(f"{NAME} of an earlier run {words}")


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
