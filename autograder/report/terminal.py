"""The table that ends a run, and the lines under it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from autograder.model import Result, Verdict, Walls
from autograder.outline import Course, Exercise
from autograder.report.grouping import ByStudent, by_student
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
    results: Iterable[Result] | ByStudent,
    course: Course,
    width: int = 100,
    people: People | None = None,
) -> Table:
    """One row per student, one column per exercise that was attempted; on a very narrow terminal
    totals only. ``people`` gives names to ids."""
    everyone = by_student(results)
    longest, total_width = cell_len("student"), len("total")
    widths: dict[str, int] = {}
    graded: set[str] = set()
    for student, several in everyone.items():
        mine = {result.exercise: result for result in several}
        longest = max(longest, cell_len(clean(label(people or {}, student))))
        total_width = max(total_width, len(_total(mine.values())))
        for id, result in mine.items():
            widths[id] = max(widths.get(id, _CELL), len(_cell(result)))
        graded |= {r.exercise for r in mine.values() if r.verdict is not Verdict.NOT_ATTEMPTED}
    longest = min(28, longest)
    exercises = [e for e in course.exercises if e.id in graded]
    cells = [widths[e.id] for e in exercises]
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
    for student in sorted(everyone)[:MOST_ROWS]:
        mine = {result.exercise: result for result in everyone[student]}
        shown = [_cell(mine.get(e.id)) for e, _ in zip(exercises, headings, strict=False)]
        name = clean(label(people or {}, student))
        table.add_row(Text(name), *shown, _total(mine.values()))
    if len(everyone) > MOST_ROWS:
        table.add_row(f"… {len(everyone) - MOST_ROWS} more")
    return table


def _of_walls(counts: Counter[Walls]) -> list[str]:
    """Which walls submissions ran behind, where that is not namespaces for all of them."""
    if set(counts) <= {Walls.NAMESPACES}:
        return []
    words = [f"{counted(counts[walls], 'result')} behind {_WALLS[walls]}" for walls in counts]
    return [f"Walls: {'; '.join(sorted(words))}."]


_WALLS = {
    Walls.NAMESPACES: "namespaces",
    Walls.CONTAINER: "a container without a network",
    Walls.CONTAINER_NETWORK: "a container with a network, which submissions could reach",
}


def summary_lines(results: Sequence[Result]) -> list[str]:
    """What a reader of the table should know besides: how many of which verdict."""
    counts: Counter[Verdict] = Counter()
    walls: Counter[Walls] = Counter()
    other: Counter[str] = Counter()
    needs: set[str] = set()
    sandboxed = True
    for r in results:
        counts[r.verdict] += 1
        # The reason is in the message of each deferred check.
        needs.update(c.message for c in r.checks if c.verdict is Verdict.DEFERRED)
        sandboxed = sandboxed and r.sandboxed
        if r.walls:
            walls[r.walls] += 1
        if r.graded_with:
            other[r.graded_with] += 1
    words = ", ".join(f"{counts[v]} {v}" for v in Verdict if counts[v])
    lines = [f"{counted(len(results), 'result')}: {words}."] if results else ["No results."]
    all_ = sums(results)
    if all_.deferred:
        said = " ".join(sorted(needs))
        lines.append(f"{points_are(all_.deferred)} still to be graded (+): {said}")
    if all_.open:
        lines.append(
            f"{points_are(all_.open)} open (!), neither earned nor lost, nor part of any total: "
            "the grader failed there."
        )
    if not sandboxed:
        lines.append("Graded without the sandbox: submissions could do as they liked.")
    lines += _of_walls(walls)
    if other:
        count = counted(other.total(), "result")
        named = "; ".join(sorted(other))
        lines.append(f"{count} from workers with other versions (--mixed): {named}.")
    return lines
