"""``feedback/<student>.html``: one self-contained page per student, nothing to load, no script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from autograder import clauses
from autograder.model import CheckResult, Result, Verdict
from autograder.outline import Course
from autograder.text.atomic import replacing
from autograder.text.clean import clean, whole
from autograder.text.names import file_name
from autograder.text.numbers import out_of, points, sums
from autograder.text.wording import FAULT_IN_PART, WORDING, message_lines, said_by_all


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What every page of a run shares; ``when`` is the date as it is shown."""

    course_title: str
    when: str


def _message(text: str) -> str:
    return "\n".join(message_lines(text))


def _check(check: CheckResult, contract: Sequence[str]) -> dict[str, Any]:
    row = WORDING[check.verdict]
    earned = out_of(check.points, check.max_points, " of ")
    return {
        "title": check.title,
        "mark": row.mark,
        "tone": row.tone,
        "words": row.long,
        "score": f"{points(check.max_points)} {row.waits}" if row.waits else earned,
        "public": check.public,
        "contract": [] if row.instead else contract,
        "message": row.instead or _message(check.message),
        "hint": "" if row.instead else check.hint,
        "passed": check.verdict is Verdict.PASSED,
    }


def _said_once(result: Result) -> str:
    """What every check of a result says alike; empty where each is to speak for itself."""
    check = said_by_all(result.checks)
    if check is None or result.verdict is Verdict.PASSED or WORDING[check.verdict].instead:
        return ""
    return _message(check.message)


def _exercise(result: Result, course: Course, number: int) -> dict[str, Any]:
    listed = {e.id: (e.title, e.section) for e in course.exercises}
    title, section = listed.get(result.exercise, (result.exercise, ""))
    row = WORDING[result.verdict]
    in_part = result.faulted and not result.all_open
    once = _said_once(result)
    checks = [] if once else [_check(c, _contract(c, result, course)) for c in result.checks]
    instead = "" if checks else row.instead
    return {
        "anchor": f"exercise-{number}",
        "id": result.exercise,
        "title": title,
        "section": section,
        "mark": row.mark,
        "tone": row.tone,
        "words": FAULT_IN_PART if in_part else row.long,
        "points": points(result.points),
        "max": points(result.max_points),
        "decided": not result.all_open,
        "share": _share(result.points, result.max_points),
        "deferred": points(result.deferred_points) if result.deferred_points else "",
        "left_open": points(result.open_points) if result.open_points else "",
        "message": once or instead or _message(result.message),
        "open": [c for c in checks if not c["passed"]],
        "done": [c for c in checks if c["passed"]],
    }


def _contract(check: CheckResult, result: Result, course: Course) -> Sequence[str]:
    if check.verdict is Verdict.PASSED:
        return ()
    return clauses.sentences(course, result.exercise, check.name)


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
