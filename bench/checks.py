"""``python -m bench.checks ID …``: what each check of an exercise costs, for a right submission.

The reference is handed in three times to one warm judge, each time with another seed, and the
last time counts. A row per check: CPU and wall seconds of the judge with all its sandboxes, and
how many workers were forked.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.table import Table

from autograder import environment, outline
from autograder.judging import process, pytest_session
from autograder.judging.judge import Judge
from autograder.judging.rooms import WorkerRoom, WorkerRooms
from autograder.judging.settings import JudgeSettings
from autograder.model import Job, Result, Verdict
from autograder.sandbox.processes import tree_cpu
from autograder.sandbox.protocols import WorkerSource

TURNS = 3


@dataclass(slots=True)
class Cost:
    """Seconds, and how many workers were forked."""

    cpu: float
    wall: float
    workers: int


class _Measured(WorkerRooms):
    """Rooms that note what was spent in each."""

    workers = 0

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.costs: dict[str, Cost] = {}

    def source(self, profile: str, role: str, gpu: bool = False) -> WorkerSource:
        self.workers += 1
        return super().source(profile, role, gpu)

    @contextlib.contextmanager
    def room(self, item: pytest.Item) -> Iterator[WorkerRoom]:
        began, used, workers = time.perf_counter(), tree_cpu(os.getpid()), self.workers
        with super().room(item) as room:
            yield room
        self.costs[item.name] = Cost(
            tree_cpu(os.getpid()) - used, time.perf_counter() - began, self.workers - workers
        )


def measure(ids: list[str]) -> dict[str, tuple[dict[str, Cost], Result]]:
    """By exercise: the cost of each check, and the result that was measured."""
    course = outline.load(Path(__file__).parent.parent)
    settings = JudgeSettings(course.root, tuple(ids))
    rooms = _Measured(course, settings)
    found: dict[str, tuple[dict[str, Cost], Result]] = {}

    def serve(judge: Judge) -> None:
        for id in ids:
            text = course.solution(course.exercise(id)).read_bytes()
            for turn in range(TURNS):
                rooms.costs = {}
                job = Job("reference", id, text + b"\n# %d\n" % turn, str(random.getrandbits(64)))
                result = judge.run(job)
            found[id] = rooms.costs, result

    with contextlib.redirect_stdout(sys.stderr):
        pytest_session.run(process.graders(course, settings), lambda: Judge(rooms), serve)
    rooms.close()
    return found


def main() -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.checks", description=__doc__)
    parser.add_argument("ids", nargs="+", metavar="ID")
    with environment.without_pytest_settings():
        found = measure(parser.parse_args().ids)
    for id, (costs, result) in found.items():
        table = Table("check", "CPU s", "wall s", "workers", title=id, title_justify="left")
        for name, cost in sorted(costs.items(), key=lambda row: -row[1].cpu):
            table.add_row(name, f"{cost.cpu:.2f}", f"{cost.wall:.2f}", str(cost.workers))
        table.add_section()
        table.add_row(
            f"{len(costs)} checks",
            *(f"{sum(getattr(c, key) for c in costs.values()):.2f}" for key in ("cpu", "wall")),
            str(sum(c.workers for c in costs.values())),
        )
        Console().print(table)
        for check in result.checks:
            if check.verdict not in (Verdict.PASSED, Verdict.DEFERRED):
                print(f"lost: {check.name}: {check.message}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
