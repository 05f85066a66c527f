"""``feedback/<student>.html``: one self-contained page per student, nothing to load, no script."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from autograder.model import Result, Verdict
from autograder.outline import Course
from autograder.report.code import Source, Sources
from autograder.report.compiled import CompiledTemplates
from autograder.report.exercise import Shown, shown
from autograder.report.people import page_name
from autograder.text.atomic import replacing
from autograder.text.clean import clean, whole
from autograder.text.numbers import counted, out_of, points, sums
from autograder.text.wording import WORDING, message_lines


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What every page of a run shares; ``when`` is the date as it is shown."""

    course_title: str
    when: str
    sources: Sources = field(default_factory=dict)
    """The code of this run's answers; a page shows the student's own."""


@dataclass(frozen=True, slots=True)
class _Untouched:
    """Exercises of a chapter that were not started, and what is said about them."""

    ids: tuple[str, ...]
    worth: str
    message: str


@dataclass(frozen=True, slots=True)
class _Chapter:
    """A chapter on the page: a heading with points, exercises, a line for those not started."""

    anchor: str
    title: str
    score: str
    share: int
    state: str
    exercises: tuple[Shown, ...]
    untouched: tuple[_Untouched, ...]


def _chapters(
    results: Sequence[Result], course: Course, mine: Mapping[str, Source]
) -> list[_Chapter]:
    """The chapters that have results, in teaching order; what is in no chapter comes last."""
    titles = {e.id: chapter.title for chapter in course.chapters for e in chapter.exercises}
    order = {e.id: n for n, e in enumerate(course.exercises)}
    ordered = sorted(results, key=lambda r: (order.get(r.exercise, len(order)), r.exercise))
    found: dict[str, list[Result]] = {}
    for result in ordered:
        title = titles.get(result.exercise, "Exercises that are not in the course any more")
        found.setdefault(title, []).append(result)
    chapters = []
    said: set[str] = set()
    for number, (title, some) in enumerate(found.items(), 1):
        all_ = sums(some)
        started = [r for r in some if r.verdict is not Verdict.NOT_ATTEMPTED]
        rest = [r for r in some if r.verdict is Verdict.NOT_ATTEMPTED]
        chapters.append(
            _Chapter(
                f"chapter-{number}",
                title,
                f"{out_of(all_.points, all_.most, ' of ')} points",
                _share(all_.points, all_.most),
                _state(some),
                tuple(shown(r, course, mine.get(r.exercise)) for r in started),
                _untouched(rest, said),
            )
        )
    return chapters


def _state(results: Sequence[Result]) -> str:
    """How many exercises ended in which way: ``2 passed, 1 timed out, 4 not started``."""
    rows = [WORDING[v] for v in Verdict for r in results if r.verdict is v]
    counts = Counter(row.waits or row.short for row in rows)
    return ", ".join(f"{count} {words}" for words, count in counts.items())


def _untouched(results: Sequence[Result], told: set[str]) -> tuple[_Untouched, ...]:
    """The exercises that were not started, together where the same is said about them.

    ``told`` is what the chapters above have said already; a page says it once.
    """
    said: dict[str, list[Result]] = {}
    for result in results:
        # What is said of several differs in their names only.
        pattern = re.sub(rf"\b{re.escape(result.exercise)}\b", "\0", result.message)
        said.setdefault("" if pattern in (*_PLAIN, *told) else pattern, []).append(result)
    told.update(said)
    return tuple(
        _Untouched(
            tuple(r.exercise for r in some),
            f"{points(sums(some).most)} points",
            "\n".join(message_lines(some[0].message)) if pattern else "",
        )
        for pattern, some in said.items()
    )


_PLAIN = ("", "Not started yet.", "No file \0.py was found in this submission.")
"""What is not worth saying beside "not started"."""


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
        bytecode_cache=CompiledTemplates(folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["marked"] = _marked
    environment.filters["counted"] = counted
    return environment.get_template("feedback.html.j2")


def render(
    student: str, results: Sequence[Result], course: Course, info: RunInfo, label: str = ""
) -> str:
    """The page of one student as text; ``label`` is how it calls them."""
    chapters = _chapters(results, course, info.sources.get(student, {}))
    all_ = sums(results)
    context: dict[str, Any] = {
        "student": clean(label or student),
        "info": info,
        "chapters": chapters,
        "state": _state(results),
        "total": points(all_.points),
        "most": points(all_.most),
        "share": _share(all_.points, all_.most),
        "deferred": points(all_.deferred) if all_.deferred else "",
        "left_open": points(all_.open) if all_.open else "",
        "sandboxed": all(r.sandboxed for r in results),
        "hidden": any(not c.public for r in results for c in r.checks),
    }
    return _template().render(context)


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
