"""The table that ends a run, and the lines under it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from autograder.model import Result, Verdict, Walls
from autograder.outline import Course, Exercise
from autograder.report.people import People, label
from autograder.text.clean import clean
from autograder.text.numbers import counted, out_of, points, points_are, sums
from autograder.text.wording import WORDING

MOST_ROWS = 60
"""A class above this size is shown as its first rows and a count; the CSV has them all."""

_CELL = 6
"""No column of an exercise is narrower than this."""

_GAP = 2


def _cell(result: Result | None) -> Text:
    if result is None:
        return Text("")
    row = WORDING[result.verdict]
    in_part = result.faulted and not result.all_open
    number = result.points or in_part or not row.cell
    text = Text(points(result.points) if number else row.cell, row.colour, justify="right")
    if result.deferred_points:
        text.append("+", WORDING[Verdict.DEFERRED].colour)  # points are still to be graded
    if in_part:
        text.append("!", WORDING[Verdict.GRADER_FAULT].colour)  # points are open
    return text


def _total(mine: Iterable[Result]) -> Text:
    all_ = sums(mine)
    share = all_.points / all_.most if all_.most else 0.0
    style = "green" if share >= 0.8 else "yellow" if share >= 0.4 else "red"
    return Text(out_of(all_.points, all_.most), style=style, justify="right")


def _headings(exercises: list[Exercise], cells: list[int], room: int) -> tuple[list[str], str]:
    """A heading for each exercise that fits into ``room`` columns together, and the legend
    that they need; no heading where even numbers do not fit. ``cells`` are the widths below."""
    words = [f"{e.id.replace('_', chr(10))}\n/{points(e.points)}" for e in exercises]
    wide = [
        max(below, *map(len, w.split("\n"))) + _GAP for w, below in zip(words, cells, strict=True)
    ]
    if sum(wide) <= room:
        return words, ""
    numbers = [f"({n})\n/{points(e.points)}" for n, e in enumerate(exercises, 1)]
    if sum(cells) + len(cells) * _GAP <= room:
        return numbers, " ".join(f"({n})·{e.id}" for n, e in enumerate(exercises, 1))
    return [], ""


def results_table(
    results: Iterable[Result], course: Course, width: int = 100, people: People | None = None
) -> Table:
    """One row per student, one column per exercise that was attempted; on a very narrow terminal
    totals only. ``people`` gives names to ids."""
    by_student: dict[str, dict[str, Result]] = {}
    for result in results:
        by_student.setdefault(result.student, {})[result.exercise] = result
    graded = {
        r.exercise
        for mine in by_student.values()
        for r in mine.values()
        if r.verdict is not Verdict.NOT_ATTEMPTED
    }
    exercises = [e for e in course.exercises if e.id in graded]
    names = {student: clean(label(people or {}, student)) for student in by_student}
    longest = min(28, max(map(cell_len, ["student", *names.values()])))
    totals = {student: _total(mine.values()) for student, mine in by_student.items()}
    total_width = max([len("total"), *(len(total) for total in totals.values())])
    cells = [
        max([_CELL, *(len(_cell(mine.get(e.id))) for mine in by_student.values())])
        for e in exercises
    ]
    headings, legend = _headings(exercises, cells, width - longest - total_width - 2 * _GAP)
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        header_style="bold",
        padding=(0, _GAP - 1, 0, 0),
        caption=legend or None,
        caption_justify="left",
        caption_style="dim",
    )
    table.add_column("student", overflow="fold", min_width=longest, max_width=28)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("total", justify="right", no_wrap=True)
    for student in sorted(by_student)[:MOST_ROWS]:
        mine = by_student[student]
        shown = [_cell(mine.get(e.id)) for e, _ in zip(exercises, headings, strict=False)]
        table.add_row(Text(names[student]), *shown, totals[student])
    if len(by_student) > MOST_ROWS:
        table.add_row(f"… {len(by_student) - MOST_ROWS} more")
    return table


def _of_walls(results: Iterable[Result]) -> list[str]:
    """Which walls submissions ran behind, where that is not namespaces for all of them."""
    counts = Counter(r.walls for r in results if r.walls)
    if set(counts) <= {Walls.NAMESPACES}:
        return []
    words = [f"{counted(counts[walls], 'result')} behind {_WALLS[walls]}" for walls in counts]
    return [f"Walls: {'; '.join(sorted(words))}."]


_WALLS = {
    Walls.NAMESPACES: "namespaces",
    Walls.CONTAINER: "a container without a network",
    Walls.CONTAINER_NETWORK: "a container with a network, which submissions could reach",
}


def summary_lines(results: Iterable[Result]) -> list[str]:
    """What a reader of the table should know besides: how many of which verdict."""
    results = list(results)
    counts = Counter(r.verdict for r in results)
    words = ", ".join(f"{counts[v]} {v}" for v in Verdict if counts[v])
    lines = [f"{counted(len(results), 'result')}: {words}."] if results else ["No results."]
    all_ = sums(results)
    if all_.deferred:
        # The reason is in the message of each deferred check.
        needs = sorted(
            {c.message for r in results for c in r.checks if c.verdict is Verdict.DEFERRED}
        )
        lines.append(f"{points_are(all_.deferred)} still to be graded (+): {' '.join(needs)}")
    if all_.open:
        lines.append(
            f"{points_are(all_.open)} open (!), neither earned nor lost, nor part of any total: "
            "the grader failed there."
        )
    if any(not r.sandboxed for r in results):
        lines.append("Graded without the sandbox: submissions could do as they liked.")
    lines += _of_walls(results)
    other = sorted({r.graded_with for r in results} - {""})
    if other:
        count = counted(sum(bool(r.graded_with) for r in results), "result")
        lines.append(f"{count} from workers with other versions (--mixed): {'; '.join(other)}.")
    return lines
