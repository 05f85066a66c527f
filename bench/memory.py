"""Memory of the coordinator and its judges as the class grows: flat, or not."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import psutil

from bench import usage
from bench.contest import AUTOGRADE
from bench.usage import Sampler, measured, pss

FEW = 20

_OUTLINE = """\
[course]
title = "A course of one cheap exercise"
graders = "graders"

[[chapter]]
id = "basics"
title = "Basics"

[[chapter.exercise]]
id = "double"
title = "Twice as much"
points = 1
minutes = 1
hints = ["Multiply."]
"""

_ANSWER = "def double(x):\n    return x * 2\n"

_GRADER = '''\
from autograder.judging.checks import check, expect


@check(points=1, public=True)
def test_doubles(student, rng):
    """double(x) is twice x."""
    value = rng.randint(1, 10**6)

    @student.observe(value=value)
    def seen(module, value):
        return module.double(value)

    expect(seen == 2 * value, "double(x) is not twice x.")
'''


class OutsideSampler(Sampler):
    """The coordinator and its judges alone: whatever runs behind a wall is left out."""

    def look(self) -> int:
        total, pending = 0, [self.pid]
        while pending:
            pid = pending.pop()
            try:
                process = psutil.Process(pid)
                if process.name() == "bwrap":
                    continue
                pending += [child.pid for child in process.children()]
            except psutil.Error:
                continue
            total += pss(pid)
        return total


def write_course(folder: Path) -> None:
    """The course of one exercise."""
    parts = {
        "outline.toml": _OUTLINE,
        "solutions/basics/double.py": _ANSWER,
        "graders/basics/test_double.py": _GRADER,
    }
    for name, text in parts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def bench_memory(folder: Path, many: int) -> dict[str, Any]:
    """Peak bytes with :data:`FEW` distinct submissions and with ``many``."""
    write_course(folder / "double")
    figures: dict[str, Any] = {"python": sys.version.split()[0]}
    for name, count in (("few", FEW), ("many", many)):
        submissions = folder / f"{name}-submissions"
        for number in range(count):
            place = submissions / f"s{number:04d}"
            place.mkdir(parents=True)
            text = f"{_ANSWER}\n# handed in by s{number:04d}\n"
            (place / "double.py").write_text(text, encoding="utf-8")
        command = [
            AUTOGRADE,
            "grade",
            str(submissions),
            "--out",
            str(folder / f"{name}-out"),
            "--course",
            str(folder / "double"),
            "--jobs",
            str(len(os.sched_getaffinity(0))),
        ]
        run = measured(
            command, log=folder / f"{name}.log", env=usage.environment(), sampler=OutsideSampler
        )
        figures[name] = {"submissions": count, "wall": run.wall, "cpu": run.cpu, "peak": run.peak}
    figures["ratio"] = figures["many"]["peak"] / figures["few"]["peak"]
    return figures
