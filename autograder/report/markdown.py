"""The results of a run as Markdown, for a page such as the job summary of GitHub Actions."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from autograder.model import Result, Verdict
from autograder.outline import Course
from autograder.report.grouping import ByStudent, by_student
from autograder.report.people import People, label
from autograder.report.told import in_order, standing, told
from autograder.text.atomic import replacing
from autograder.text.clean import one_line, whole
from autograder.text.numbers import counted, out_of, points, sums
from autograder.text.wording import WORDING

MOST_BYTES = 900_000
"""A job summary of GitHub may have 1 MiB."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~@:])")


def render(
    results: Iterable[Result] | ByStudent, course: Course, people: People | None = None
) -> str:
    """A table of the class, then what each student is told, as far as :data:`MOST_BYTES` go."""
    everyone = by_student(results)
    students = sorted(everyone)
    table = _table(course, students, everyone, people or {})
    pages = (_student(course, everyone[s], label(people or {}, s)) for s in students)
    room = MOST_BYTES
    kept: list[str] = []
    for page in chain((table,), pages):
        room -= len(page.encode("utf-8", "replace"))
        if room < 0:
            left = counted(1 + len(students) - len(kept), "part")
            kept.append(f"\n{left} more: see the files of the run.\n")
            break
        kept.append(page)
    return "".join(kept)


def write(
    path: Path, results: Iterable[Result] | ByStudent, course: Course, people: People | None = None
) -> None:
    """Write the page; ``path`` is replaced at once."""
    with replacing(path) as file:
        file.write(whole(render(results, course, people)))


def inert(text: str) -> str:
    """Text on one line that Markdown shows as it is: no mark-up, no HTML, no mention."""
    return _SPECIAL.sub(r"\\\1", html.escape(one_line(text, 300), quote=False))


def _table(course: Course, students: list[str], everyone: ByStudent, people: People) -> str:
    graded = {r.exercise for r in everyone.all}
    ids = [r.id for r in course.exercises if r.id in graded]
    rows = [f"# {inert(course.title)}", ""]
    rows.append("| " + " | ".join(["student", *(f"`{id}`" for id in ids), "total"]) + " |")
    rows.append("|---" + "|---:" * (len(ids) + 1) + "|")
    for student in students:
        mine = {r.exercise: r for r in everyone[student]}
        all_ = sums(mine.values())
        cells = [_cell(mine.get(id)) for id in ids]
        total = out_of(all_.points, all_.most)
        rows.append("| " + " | ".join([inert(label(people, student)), *cells, total]) + " |")
    return "\n".join([*rows, "", ""])


def _cell(result: Result | None) -> str:
    if result is None:
        return ""
    words = points(result.points) if result.points else WORDING[result.verdict].cell or "0"
    waits = "+" if result.deferred_points else ""
    return words + waits + ("!" if result.faulted and not result.all_open else "")


def _student(course: Course, results: list[Result], name: str) -> str:
    results = in_order(results, course)
    all_ = sums(results)
    lines = [
        "<details>",
        f"<summary>{html.escape(one_line(name, 200), quote=False)}: "
        f"{out_of(all_.points, all_.most)}</summary>",
        "",
        *(f"{inert(sentence)}  " for sentence in standing(results)),
    ]
    for one in told(results, course):
        if one.verdict in (Verdict.PASSED, Verdict.NOT_ATTEMPTED):
            continue
        hidden = "" if one.public else ", hidden check"
        share = f"{points(one.most)} open" if one.open else out_of(one.points, one.most)
        lines += ["", f"**{one.exercise}**: {inert(one.title)} ({share}{hidden})"]
        lines += ["", *_fenced(one.text)]
    return "\n".join([*lines, "", "</details>", "", ""])


def _fenced(text: str) -> list[str]:
    """Text in a block of code, with a fence that it cannot close."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", *text.splitlines(), fence]
