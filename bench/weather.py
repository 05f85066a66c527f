"""A class of notebooks, fifteen of them broken in fifteen ways: graded, and into the gradebook.

``bench_weather(folder, whole)`` hands in ``whole`` good notebooks and the broken ones of the
toy course, runs ``autograde grade --gradebook`` once, and says what came of it. Then twenty of
the good ones are graded by it and by plain nbgrader, the gradebook included on both sides.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from autograder import outline
from bench import notebooks, usage
from bench.snapshot import Set, copy_course
from bench.usage import measured

ROOT = Path(__file__).resolve().parents[1]


def bench_weather(folder: Path, whole: int = 285) -> dict[str, Any]:
    """Figures of one run; ``ingestion`` is wall seconds a notebook, the gradebook included."""
    sys.path.insert(0, str(ROOT))
    from tests.notebooks import weather

    toy = outline.load(ROOT / "tests" / "toy_course")
    root = folder / "nbgrader"
    command = [sys.executable, "-m", "autograder.cli"]
    _run([*command, "release", "bundle", "--root", str(root), "--course", str(toy.root)], folder)
    submitted = root / "submitted"
    expected = weather.broken(toy, submitted)
    marks = {weather.whole(toy, submitted, n): weather.mark(n) for n in range(whole)}
    said = _run(
        [*command, "grade", "submitted", "--gradebook", ".", "--course", str(toy.root)], root
    )
    lines = map(json.loads, (root / "out" / "results.jsonl").read_text().splitlines())
    results = {line["student"]: line for line in lines if line["exercise"] == "double"}
    counted = re.search(r"(\d+) notebooks in the gradebook of .*?; ([\d.]+) s", said)
    graded = re.search(r"pages\); ([\d.]+) s", " ".join(said.split()))
    assert counted is not None and graded is not None, said
    return {
        "notebooks": int(counted[1]),
        "marks_as_alone": sum(results[s]["points"] == points for s, points in marks.items()),
        "whole": whole,
        "verdicts_as_expected": sum(
            results[s]["verdict"] == verdict for s, (verdict, _) in expected.items()
        ),
        "broken": len(expected),
        "grading": float(graded[1]),
        "ingestion": float(counted[2]) / int(counted[1]),
    }


def beside_nbgrader(folder: Path, students: int = 20) -> dict[str, Any]:
    """The same answers to ``double`` as notebooks, by us before and after, by nbgrader between."""
    sys.path.insert(0, str(ROOT))
    from tests.notebooks import weather

    toy = outline.load(ROOT / "tests" / "toy_course")
    copied = copy_course(toy, folder / "toy", behaviour_only=True)
    grading = Set("weather", copied.course, (copied.course.exercise("double"),))
    command = [sys.executable, "-m", "autograder.cli"]
    root, answers = folder / "ours", folder / "answers"
    _run([*command, "release", "bundle", "--root", str(root), "--course", str(toy.root)], folder)
    names = [weather.whole(toy, root / "submitted", n) for n in range(students)]
    for number, name in enumerate(names):
        (answers / name / weather.CHAPTER).mkdir(parents=True)
        (answers / name / weather.CHAPTER / "double.py").write_text(weather.answer(number))
    theirs = folder / "theirs"
    notebooks.build(grading, answers, names, theirs)
    ours = [*command, "grade", "submitted", "--gradebook", ".", "--course", str(toy.root)]
    runs = []
    for number in (1, 2):
        log = folder / f"ours-{number}.log"
        again = [*ours, "--fresh", "--out", f"out-{number}"]
        runs.append(measured(again, cwd=root, log=log, env=usage.environment()))
        if number == 1:
            nbgrader = measured(
                notebooks.command(),
                cwd=theirs,
                log=folder / "theirs.log",
                env=notebooks.environment(theirs),
            )
    wall = sum(run.wall for run in runs) / len(runs)
    return {
        "students": students,
        "ours": wall,
        "nbgrader": nbgrader.wall,
        "ratio": nbgrader.wall / wall,
    }


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout
