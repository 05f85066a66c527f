"""The table that ends a run, and the lines under it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from autograder.model import Result, Verdict
from autograder.outline import Course, Exercise
from autograder.report.clean import clean
from autograder.report.numbers import counted
from autograder.report.people import People, label

MOST_ROWS = 60
"""A class above this size is shown as its first rows and a count; the CSV has them all."""

_STYLES = {
    Verdict.PASSED: "green",
    Verdict.FAILED: "yellow",
    Verdict.RAISED: "yellow",
    Verdict.TIMED_OUT: "magenta",
    Verdict.CRASHED: "red",
    Verdict.OUT_OF_MEMORY: "red",
    Verdict.NOT_ATTEMPTED: "dim",
    Verdict.REJECTED: "red",
    Verdict.DEFERRED: "cyan",
    Verdict.GRADER_FAULT: "bold red",
}
# What stands in place of a 0; the CSV and the pages have the whole words.
_WORDS = {
    Verdict.RAISED: "error",
    Verdict.TIMED_OUT: "time",
    Verdict.CRASHED: "crash",
    Verdict.OUT_OF_MEMORY: "memory",
    Verdict.NOT_ATTEMPTED: "–",
    Verdict.REJECTED: "unread",
    Verdict.GRADER_FAULT: "FAULT",
}
_CELL = max(map(len, _WORDS.values()))
_GAP = 2


def _points(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _cell(result: Result | None) -> Text:
    if result is None:
        return Text("")
    style = _STYLES[result.verdict]
    earned = result.points or result.verdict not in _WORDS
    text = Text(
        _points(result.points) if earned else _WORDS[result.verdict], style, justify="right"
    )
    if result.deferred_points:
        text.append("+", style="cyan")  # points are still open
    return text


def _headings(exercises: list[Exercise], room: int) -> tuple[list[str], str]:
    """A heading for each exercise that fits into ``room`` columns together, and the legend
    that they need; no heading where even numbers do not fit."""
    words = [f"{e.id.replace('_', chr(10))}\n/{_points(e.points)}" for e in exercises]
    wide = [max(_CELL, *map(len, w.split("\n"))) + _GAP for w in words]
    if sum(wide) <= room:
        return words, ""
    if len(exercises) * (_CELL + _GAP) <= room:
        numbers = [f"({n})\n/{_points(e.points)}" for n, e in enumerate(exercises, 1)]
        return numbers, " ".join(f"({n})·{e.id}" for n, e in enumerate(exercises, 1))
    return [], ""


def results_table(
    results: Iterable[Result], course: Course, width: int = 100, people: People | None = None
) -> Table:
    """A row a student, a column an exercise that somebody attempted; on a very narrow terminal
    totals only. ``people`` gives names to ids."""
    by_student: dict[str, dict[str, Result]] = {}
    for result in results:
        by_student.setdefault(result.student, {})[result.exercise] = result
    graded = {r.exercise for mine in by_student.values() for r in mine.values()
              if r.verdict is not Verdict.NOT_ATTEMPTED}  # fmt: skip
    exercises = [e for e in course.exercises if e.id in graded]
    names = {student: clean(label(people or {}, student)) for student in by_student}
    longest = min(28, max(map(cell_len, ["student", *names.values()])))
    most = max((sum(r.max_points for r in m.values()) for m in by_student.values()), default=0)
    total_width = max(len("total"), 2 * len(_points(most)) + 3)
    headings, legend = _headings(exercises, width - longest - total_width - 2 * _GAP)
    table = Table(
        box=box.SIMPLE_HEAD, show_edge=False, header_style="bold", padding=(0, _GAP - 1, 0, 0),
        caption=legend or None, caption_justify="left", caption_style="dim",
    )  # fmt: skip
    table.add_column("student", overflow="fold", min_width=longest, max_width=28)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("total", justify="right", no_wrap=True)
    for student in sorted(by_student)[:MOST_ROWS]:
        mine = by_student[student]
        total = sum(r.points for r in mine.values())
        possible = sum(r.max_points for r in mine.values())
        share = total / possible if possible else 0.0
        style = "green" if share >= 0.8 else "yellow" if share >= 0.4 else "red"
        end = Text(f"{_points(round(total, 1))}/{_points(possible)}", style=style, justify="right")
        shown = [_cell(mine.get(e.id)) for e, _ in zip(exercises, headings, strict=False)]
        table.add_row(Text(names[student]), *shown, end)
    if len(by_student) > MOST_ROWS:
        table.add_row(f"… {len(by_student) - MOST_ROWS} more")
    return table


def summary_lines(results: Iterable[Result]) -> list[str]:
    """What a reader of the table should know besides: how many of which verdict."""
    results = list(results)
    counts = Counter(r.verdict for r in results)
    words = ", ".join(f"{counts[v]} {v}" for v in Verdict if counts[v])
    lines = [f"{counted(len(results), 'result')}: {words}."] if results else ["No results."]
    deferred = sum(r.deferred_points for r in results)
    if deferred:
        # The reason is in the message of each deferred check.
        needs = sorted({c.message for r in results for c in r.checks
                        if c.verdict is Verdict.DEFERRED})  # fmt: skip
        lines.append(f"{_points(round(deferred, 1))} points are still open (+): {' '.join(needs)}")
    if any(not r.sandboxed for r in results):
        lines.append("Graded without the sandbox: submissions could do as they liked.")
    return lines
