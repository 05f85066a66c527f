"""``feedback/<student>.html``: one self-contained page a student, nothing to load, no script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from autograder.model import CheckResult, Result, Verdict
from autograder.outline import Course
from autograder.text.atomic import replacing
from autograder.text.clean import clean, whole
from autograder.text.names import file_name
from autograder.text.numbers import points, sums

SHOWN_LINES, SHOWN_CHARACTERS = 14, 2400
"""Most of a message that a page shows; messages are eight lines at most by rule."""

# Verdict -> (mark, class, words). The mark is decoration: the words say the same.
_LOOK = {
    Verdict.PASSED: ("✓", "good", "Passed"),
    Verdict.PARTLY: ("✗", "bad", "Partly there"),
    Verdict.FAILED: ("✗", "bad", "Not yet"),
    Verdict.RAISED: ("✗", "bad", "Your code raised an error"),
    Verdict.TIMED_OUT: ("✗", "bad", "Timed out"),
    Verdict.CRASHED: ("✗", "bad", "The process crashed"),
    Verdict.OUT_OF_MEMORY: ("✗", "bad", "Ran out of memory"),
    Verdict.NOT_ATTEMPTED: ("–", "quiet", "Not started"),
    Verdict.REJECTED: ("✗", "bad", "Could not be read"),
    Verdict.DEFERRED: ("…", "open", "Still to be graded"),
    Verdict.GRADER_FAULT: ("!", "open", "Our fault: not counted against you"),
}
_FAULT = "The grader failed here, not your code. Your instructor has been told."
_FAULT_IN_PART = "Graded in part: the rest is our fault, and not counted against you"


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What every page of a run shares; ``when`` is the date as it is shown."""

    course_title: str
    when: str


def _cut(text: str) -> str:
    text = clean(text)
    lines = text.splitlines()
    shown = "\n".join(lines[:SHOWN_LINES])
    if len(shown) > SHOWN_CHARACTERS:
        return shown[:SHOWN_CHARACTERS] + " …"
    return shown + ("\n…" if len(lines) > SHOWN_LINES else "")


def _check(check: CheckResult) -> dict[str, Any]:
    mark, style, words = _LOOK[check.verdict]
    fault = check.verdict is Verdict.GRADER_FAULT
    return {
        "title": check.title,
        "mark": mark,
        "style": style,
        "words": words,
        "score": _check_score(check),
        "public": check.public,
        # Words of a grader fault are for the instructor: they may quote the grader.
        "message": _FAULT if fault else _cut(check.message),
        "hint": "" if fault else check.hint,
        "passed": check.verdict is Verdict.PASSED,
    }


def _check_score(check: CheckResult) -> str:
    most = points(check.max_points)
    waiting = {Verdict.GRADER_FAULT: "open", Verdict.DEFERRED: "to be graded"}.get(check.verdict)
    return f"{most} {waiting}" if waiting else f"{points(check.points)} of {most}"


def _same_everywhere(result: Result) -> str:
    """The message of a result whose every check says the same: shown once, not ten times."""
    said = {(c.verdict, c.message) for c in result.checks}
    if len(result.checks) > 1 and len(said) == 1 and result.verdict is not Verdict.PASSED:
        verdict, message = said.pop()
        if verdict is not Verdict.GRADER_FAULT:
            return _cut(message)
    return ""


def _exercise(result: Result, course: Course, number: int) -> dict[str, Any]:
    listed = {e.id: (e.title, e.section) for e in course.exercises}
    title, section = listed.get(result.exercise, (result.exercise, ""))
    mark, style, words = _LOOK[result.verdict]
    fault = result.verdict is Verdict.GRADER_FAULT
    if fault and result.max_points:
        words = _FAULT_IN_PART
    once = _same_everywhere(result)
    checks = [] if once else [_check(c) for c in result.checks]
    return {
        "anchor": f"exercise-{number}",
        "id": result.exercise,
        "title": title,
        "section": section,
        "mark": mark,
        "style": style,
        "words": words,
        "points": points(result.points),
        "max": points(result.max_points),
        "decided": not result.faulted or bool(result.max_points),
        "share": _share(result.points, result.max_points),
        "deferred": points(result.deferred_points) if result.deferred_points else "",
        "left_open": points(result.open_points) if result.open_points else "",
        "message": once or (_FAULT if fault and not checks else _cut(result.message)),
        "open": [c for c in checks if not c["passed"]],
        "done": [c for c in checks if c["passed"]],
        "attempted": result.verdict is not Verdict.NOT_ATTEMPTED,
    }


def _share(earned: float, most: float) -> int:
    return round(100 * earned / most) if most else 0


def _marked(text: str) -> Markup:
    """Escaped text with what stands between backticks as ``<code>``."""
    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(text))))


@cache
def _template() -> jinja2.Template:
    folder = Path(__file__).parent / "templates"
    loader = jinja2.FileSystemLoader(folder)
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["marked"] = _marked
    return environment.get_template("feedback.html.j2")


def render(
    student: str, results: Sequence[Result], course: Course, info: RunInfo, label: str = ""
) -> str:
    """The page of one student as text; ``label`` is how it calls them."""
    order = {e.id: n for n, e in enumerate(course.exercises)}
    results = sorted(results, key=lambda r: (order.get(r.exercise, len(order)), r.exercise))
    all_ = sums(results)
    return _template().render(
        student=clean(label or student),
        info=info,
        exercises=[_exercise(r, course, n) for n, r in enumerate(results, 1)],
        total=points(all_.points),
        most=points(all_.most),
        share=_share(all_.points, all_.most),
        deferred=points(all_.deferred) if all_.deferred else "",
        left_open=points(all_.open) if all_.open else "",
        sandboxed=all(r.sandboxed for r in results),
    )


def page_name(student: str) -> str:
    """Name of the file that holds a student's page."""
    return file_name(student, ".html")


def write_feedback(
    folder: Path,
    student: str,
    results: Sequence[Result],
    course: Course,
    info: RunInfo,
    label: str = "",
) -> Path:
    """Write the page of one student into ``folder``; returns its path."""
    path = folder / page_name(student)
    with replacing(path) as file:
        file.write(whole(render(student, results, course, info, label)))
    return path
