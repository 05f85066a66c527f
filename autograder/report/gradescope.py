"""Gradescope's ``results.json``: what its harness takes from an autograder.

The fields and their constraints are those of Gradescope's page "Autograder Specifications".
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograder import __version__
from autograder.ingest.accounting import NOT_TAKEN, Row
from autograder.model import Result, Verdict
from autograder.outline import Course
from autograder.report.told import Told, in_order, not_graded, standing, told
from autograder.text.atomic import replacing
from autograder.text.clean import whole
from autograder.text.numbers import sums

_MOST = 60_000
"""Most characters of a text."""


def of_results(
    results: Iterable[Result], course: Course, rows: Iterable[Row] = (), seconds: float = 0.0
) -> dict[str, Any]:
    """The results of one student; ``rows`` are what became of the files that were handed in.

    The score is what was earned. Checks whose points are open have neither a score nor a
    maximum, so that they are not shown as lost, and the text at the top says how many points wait.
    """
    results = in_order(results, course)
    lines = [*standing(results), *_gap(not_graded(rows))]
    return {
        **_head(sums(results).points, "\n".join(lines)),
        "execution_time": round(seconds, 1),
        "tests": [_test(one) for one in told(results, course)],
        "extra_data": {"kata": {"version": __version__, "exercises": [*map(_summary, results)]}},
    }


def of_nothing(course: Course, names: Iterable[str]) -> dict[str, Any]:
    """The results of a student who handed in nothing that answers an exercise; ``names`` are the
    files."""
    names = sorted(names)
    chapters = sorted({e.chapter for e in course.exercises})
    wanted = [f"{e.id}.py" for e in course.exercises] + [f"{c}.ipynb" for c in chapters]
    lines = [
        "Nothing was graded: nothing that you handed in could be read as an answer.",
        f"Hand in one or more of these files: {', '.join(wanted)}.",
        *(not_graded(Row(name, "", "", "", "", NOT_TAKEN, "") for name in names)),
    ]
    if not names:
        lines.append("You handed in no file.")
    return {**_head(0.0, "\n".join(lines)), "tests": []}


NOT_YOURS = (
    "Your work was not graded: the autograder failed, not your code. Tell your instructor: the "
    "autograder's output has the reason, and your work can be graded again as it is."
)
"""All that a student reads of a failure of ours: the reason may quote the grader."""


def of_failure() -> dict[str, Any]:
    """The results where we failed."""
    return {**_head(0.0, NOT_YOURS), "tests": []}


def write(path: Path, values: dict[str, Any]) -> None:
    """Write ``results.json``; an older file is replaced at once."""
    with replacing(path) as file:
        file.write(whole(json.dumps(values, ensure_ascii=False, indent=1)) + "\n")


def _head(score: float, output: str) -> dict[str, Any]:
    """What every file has. What is printed is for the instructor: it may quote the grader."""
    return {
        "score": score,
        "output": _cut(output),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
    }


def _gap(lines: list[str]) -> list[str]:
    return ["", *lines] if lines else []


def _test(one: Told) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": f"{one.exercise}: {one.title}" + ("" if one.public else " (hidden check)"),
        "number": one.number,
        "output": _cut(one.text),
        "output_format": "text",
        "visibility": "visible",
    }
    if one.open:
        return values
    status = "passed" if one.verdict is Verdict.PASSED else "failed"
    return {"score": one.points, "max_score": one.most, "status": status, **values}


def _summary(result: Result) -> dict[str, Any]:
    """What a program wants to know; no seed, which would tell the hidden inputs."""
    return {
        "exercise": result.exercise,
        "verdict": str(result.verdict),
        "points": result.points,
        "max_points": result.max_points,
        "deferred_points": result.deferred_points,
        "open_points": result.open_points,
    }


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[:_MOST]}\n…"
