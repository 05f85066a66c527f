"""One right submission of the whole course: CPU and wall time of every exercise."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from autograder.outline import Course
from bench import usage
from bench.contest import AUTOGRADE, session
from bench.snapshot import Set
from bench.targets import Target

MOST_EXERCISE, MOST_COURSE = 5.0, 60.0
"""CPU seconds that an exercise, and the whole course, may cost."""


def bench_whole(course: Course, folder: Path) -> dict[str, Any]:
    """Seconds by exercise with one warm judge, and those of the whole command.

    The references are handed in twice and the second time counts: by then the judge has
    started what every exercise shares.
    """
    students = ["first", "second"]
    for exercise in course.exercises:
        text = course.solution(exercise).read_bytes()
        for student in students:
            path = folder / student / exercise.chapter / f"{exercise.id}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
    answer, log = folder.with_suffix(".json"), folder.with_suffix(".log")
    grading = Set("all", course, course.exercises)
    _, says = session(grading, students, folder, answer, "walls", log)
    command = [
        AUTOGRADE,
        "grade",
        str(folder / "first"),
        "--out",
        str(folder.with_name("whole-out")),
        "--course",
        str(course.root),
        "--jobs",
        "1",
    ]
    run = usage.measured(command, log=log, env=usage.environment(), accept=(0, 3))
    return {"exercises": says["last"], "lost": says["lost"], "command": asdict(run)}


def whole_table(console: Console, found: dict[str, Any]) -> None:
    """A row per exercise, most expensive first, and the sum."""
    table = Table(
        title="One right submission of every exercise, one warm judge", title_justify="left"
    )
    for column in ("", "wall s", "CPU s"):
        table.add_column(column, justify="right" if column else "left")
    rows = sorted(found["exercises"].items(), key=lambda row: -row[1][1])
    for id, (wall, cpu) in rows:
        table.add_row(id, f"{wall:.2f}", f"{cpu:.2f}")
    table.add_section()
    sums = [sum(row[1][i] for row in rows) for i in (0, 1)]
    table.add_row(f"{len(rows)} exercises", f"{sums[0]:.1f}", f"{sums[1]:.1f}")
    command = found["command"]
    table.add_row(
        "autograde grade --jobs 1, start included",
        f"{command['wall']:.1f}",
        f"{command['cpu']:.1f}",
    )
    console.print(table)
    for words in found["lost"]:
        console.print(f"lost: {words}", markup=False)


def whole_targets(found: dict[str, Any]) -> list[Target]:
    most = max(cpu for _, cpu in found["exercises"].values())
    return [
        Target("CPU of the most expensive exercise", most, MOST_EXERCISE, " s"),
        Target("CPU of the whole course", found["command"]["cpu"], MOST_COURSE, " s"),
    ]
