"""The table that ends a run, and the lines under it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from autograder.model import Result, Verdict
from autograder.outline import Course
from autograder.report.clean import clean

MOST_ROWS = 60
"""A class above this size is shown as its first rows and a count; the CSV has them all."""

_WORDS = {
    Verdict.PASSED: ("", "green"),
    Verdict.FAILED: ("", "yellow"),
    Verdict.RAISED: ("raised", "yellow"),
    Verdict.TIMED_OUT: ("timed out", "magenta"),
    Verdict.CRASHED: ("crashed", "red"),
    Verdict.OUT_OF_MEMORY: ("memory", "red"),
    Verdict.NOT_ATTEMPTED: ("–", "dim"),
    Verdict.REJECTED: ("rejected", "red"),
    Verdict.DEFERRED: ("deferred", "cyan"),
    Verdict.GRADER_FAULT: ("our fault", "bold red"),
}


def _points(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _cell(result: Result | None) -> Text:
    if result is None:
        return Text("")
    word, style = _WORDS[result.verdict]
    if result.verdict is Verdict.NOT_ATTEMPTED:
        return Text("–", style="dim", justify="right")
    text = Text(_points(result.points), style=style, justify="right")
    if result.deferred_points:
        text.append(f" +{_points(result.deferred_points)}?", style="cyan")
    if word and result.verdict is not Verdict.DEFERRED:
        text.append(f"\n{word}", style=style)
    return text


def results_table(results: Iterable[Result], course: Course, width: int = 100) -> Table:
    """A row a student, a column an exercise; on a narrow terminal totals only."""
    by_student: dict[str, dict[str, Result]] = {}
    for result in results:
        by_student.setdefault(result.student, {})[result.exercise] = result
    graded = {id for mine in by_student.values() for id in mine}
    exercises = [e for e in course.exercises if e.id in graded]
    # Each column needs its longest word; what does not fit is left to the CSV.
    wide = 24 + sum(max(9, *(len(part) for part in e.id.split("_"))) + 3 for e in exercises)
    columns = exercises if wide <= width else []
    table = Table(header_style="bold", pad_edge=False, show_lines=False)
    table.add_column("student", overflow="fold", max_width=28)
    for exercise in columns:
        head = exercise.id.replace("_", "\n", 1)
        table.add_column(f"{head}\n/{_points(exercise.points)}", justify="right", no_wrap=True)
    table.add_column("total", justify="right", no_wrap=True)
    for student in sorted(by_student)[:MOST_ROWS]:
        mine = by_student[student]
        total = sum(r.points for r in mine.values())
        most = sum(r.max_points for r in mine.values())
        share = total / most if most else 0.0
        style = "green" if share >= 0.8 else "yellow" if share >= 0.4 else "red"
        end = Text(f"{_points(round(total, 1))}/{_points(most)}", style=style, justify="right")
        table.add_row(clean(student), *[_cell(mine.get(e.id)) for e in columns], end)
    if len(by_student) > MOST_ROWS:
        table.add_row(f"… {len(by_student) - MOST_ROWS} more")
    return table


def summary_lines(results: Iterable[Result]) -> list[str]:
    """What a reader of the table should know besides: how many of which verdict."""
    results = list(results)
    counts = Counter(r.verdict for r in results)
    words = ", ".join(f"{counts[v]} {v}" for v in Verdict if counts[v])
    lines = [f"{len(results)} results: {words}."] if results else ["No results."]
    deferred = sum(r.deferred_points for r in results)
    if deferred:
        # The reason is in the message of each deferred check.
        needs = sorted({c.message for r in results for c in r.checks
                        if c.verdict is Verdict.DEFERRED})  # fmt: skip
        lines.append(f"{_points(round(deferred, 1))} points deferred: {' '.join(needs)}")
    if any(not r.sandboxed for r in results):
        lines.append("Graded without the sandbox: submissions could do as they liked.")
    return lines
