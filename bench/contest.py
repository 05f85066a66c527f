"""`autograde grade`, nbgrader and the floor on the same class, interleaved in one run."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.outline import Course
from bench import notebooks, usage
from bench.snapshot import Set, copy_course, write_class
from bench.usage import CommandFailed, Usage, measured

AUTOGRADE = str(Path(sys.executable).with_name("autograde"))


class Contest:
    """The contenders on one set of checks; every run is kept in :attr:`runs`."""

    def __init__(self, grading: Set, students: list[str], folder: Path) -> None:
        self.grading, self.students, self.folder = grading, students, folder
        self.submissions = folder / "class"
        self.nbgrader = folder / f"nbgrader-{grading.name}"
        self.runs: dict[str, list[Usage]] = {"cold": [], "warm": [], "floor": [], "nbgrader": []}
        self.floor_says: dict[str, Any] = {}
        self._number = 0

    def _log(self, name: str) -> Path:
        self._number += 1
        return self.folder / f"{self.grading.name}-{self._number}-{name}.log"

    def autograde(self) -> None:
        """`autograde grade` into a new folder, and the same command again."""
        out = self.folder / f"out-{self.grading.name}-{len(self.runs['cold'])}"
        command = [
            AUTOGRADE,
            "grade",
            str(self.submissions),
            "--out",
            str(out),
            "--course",
            str(self.grading.course.root),
            "--only",
            self.grading.only,
        ]
        for name in ("cold", "warm"):
            log = self._log(name)
            run = measured(command, log=log, env=usage.environment(), accept=(0, 3))
            if name == "warm" and " 0 to grade" not in log.read_text(errors="replace"):
                # Results are kept by the engine's own text, too.
                raise CommandFailed("the engine was edited during the benchmark: run it again")
            self.runs[name].append(run)
        self.out = out

    def floor(self) -> None:
        """The same checks on the reference in one process."""
        answer = self.folder / "floor.json"
        run, self.floor_says = session(
            self.grading, self.students, self.submissions, answer, "floor", self._log("floor")
        )
        self.runs["floor"].append(run)

    def grade_notebooks(self) -> None:
        """`nbgrader autograde` on the whole class."""
        if not self.nbgrader.exists():
            notebooks.build(self.grading, self.submissions, self.students, self.nbgrader)
        notebooks.forget(self.nbgrader)
        run = measured(
            notebooks.command(),
            cwd=self.nbgrader,
            env=notebooks.environment(self.nbgrader),
            log=self._log("nbgrader"),
        )
        self.runs["nbgrader"].append(run)

    def summary(self) -> dict[str, Any]:
        """Every run, the means, what was graded, and how far nbgrader's marks agree."""
        means = {name: _mean(runs) for name, runs in self.runs.items() if runs}
        ours = _checks(self.out / "results.jsonl")
        theirs = notebooks.marks(self.nbgrader)
        both = ours.keys() & theirs.keys()
        differing = [
            f"{'/'.join(k)}: {ours[k]}; nbgrader {'gave' if theirs[k] else 'took'} the point"
            for k in sorted(both)
            if (ours[k] == "passed") != theirs[k]
        ]
        verdicts = list(ours.values())
        return {
            "set": self.grading.name,
            "students": len(self.students),
            "cores": len(os.sched_getaffinity(0)),
            "exercises": [e.id for e in self.grading.exercises],
            "runs": {name: [asdict(r) for r in runs] for name, runs in self.runs.items()},
            "means": {name: asdict(mean) for name, mean in means.items()},
            "checks": len(verdicts),
            "verdicts": {v: verdicts.count(v) for v in sorted(set(verdicts))},
            "compared_with_nbgrader": len(both),
            "differing": differing,
            "floor": self.floor_says,
        }


def session(
    grading: Set, students: list[str], submissions: Path, answer: Path, mode: str, log: Path
) -> tuple[Usage, dict[str, Any]]:
    """Run :mod:`bench.session`; its usage and its answer."""
    options = {
        "course": str(grading.course.root),
        "mode": mode,
        "students": students,
        "exercises": [e.id for e in grading.exercises],
        "submissions": str(submissions),
        "answer": str(answer),
    }
    command = [sys.executable, "-m", "bench.session", json.dumps(options)]
    run = measured(command, log=log, env=usage.environment(), cwd=Path(__file__).parent.parent)
    return run, json.loads(answer.read_text())


def _mean(runs: list[Usage]) -> Usage:
    walls, cpus = sum(r.wall for r in runs), sum(r.cpu for r in runs)
    return Usage(walls / len(runs), cpus / len(runs), max(r.peak for r in runs))


def _checks(results: Path) -> dict[tuple[str, str, str], str]:
    by_key = {}
    for line in results.read_text(encoding="utf-8").splitlines():
        result = json.loads(line)
        for check in result["checks"]:
            key = (result["student"], result["exercise"], check["name"])
            by_key[key] = check["verdict"]
    return by_key


def bench_contest(
    course: Course, folder: Path, students: int, say: Callable[[str], None]
) -> Iterator[dict[str, Any]]:
    """A summary of each set; autograde and the floor run before nbgrader and after it."""
    # Copied before anything runs: the course may be edited meanwhile.
    sets = [
        copy_course(course, folder / "course-behaviour", behaviour_only=True),
        copy_course(course, folder / "course-all", behaviour_only=False),
    ]
    names = write_class(course, sets[0].exercises, folder / "class", students)
    for grading in sets:
        contest = Contest(grading, names, folder)
        for name in ("autograde", "floor", "grade_notebooks", "floor", "autograde"):
            say(f"{grading.name} checks: {name.replace('grade_notebooks', 'nbgrader')}")
            getattr(contest, name)()
        yield contest.summary()
