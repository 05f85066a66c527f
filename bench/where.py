"""Where the time goes: one judge on a few submissions, phase by phase, beside the floor."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.outline import Course
from bench.contest import session
from bench.snapshot import copy_course, write_class

PHASES = {
    "start": "interpreter, imports, collecting the graders",
    "import": "zygotes: wall, interpreter, what exercises import",
    "isolation": "fork, walls, loading the submission, ending the worker",
    "work": "observations: waiting for the student's code",
    "judge": "pytest and the graders' own side of each check",
    "report": "store, results.jsonl, grades.csv, a page per student",
}


def bench_where(course: Course, folder: Path, students: int) -> dict[str, Any]:
    """Seconds by phase and by exercise, with walls and without (wall time, one judge)."""
    grading = copy_course(course, folder / "where-course", behaviour_only=False)
    names = write_class(course, grading.exercises, folder / "where-class", students)
    figures: dict[str, Any] = {"students": students}
    for mode in ("walls", "floor"):
        answer, log = folder / f"where-{mode}.json", folder / f"where-{mode}.log"
        run, says = session(grading, names, folder / "where-class", answer, mode, log)
        figures[mode] = {"usage": asdict(run), **says}
    return figures
