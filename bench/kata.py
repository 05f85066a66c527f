"""``kata`` at a student's desk: a check against pytest, a list, and from save to verdict."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from autograder.kata import setup
from autograder.outline import Course
from bench.targets import Target

EXERCISE = "count_up"
HEAVY = "pinned_loader"
TEN = 10
"""Exercises, the first of the course, that are handed in together."""
ENDLESS = """
class CountUp:
    def __init__(self, limit):
        self.limit = limit

    def __iter__(self):
        return self

    def __next__(self):
        while True:
            pass
"""
KATA = [sys.executable, "-m", "autograder.kata.cli"]

# The checks of count_up as a pytest file of one's own would have them, on the module itself.
EQUIVALENT = """
import tracemalloc

import pytest

from count_up import CountUp


def test_counts_from_one_to_the_limit():
    assert list(CountUp(3)) == [1, 2, 3]


def test_is_its_own_iterator():
    counter = CountUp(3)
    assert iter(counter) is counter


def test_keeps_its_progress():
    counter = CountUp(20)
    found = [next(counter), next(counter)]
    for value in counter:
        found.append(value)
        if value == 7:
            break
    found.append(next(counter))
    iter(counter)
    found += list(counter)
    assert found == list(range(1, 21))


def test_stays_exhausted():
    counter = CountUp(12)
    for _ in range(12):
        next(counter)
    for _ in range(3):
        with pytest.raises(StopIteration):
            next(counter)
    assert list(counter) == []


def test_nothing_to_count():
    for limit in (0, -1, -70_000):
        assert list(CountUp(limit)) == []


def test_refuses_what_is_no_int():
    for limit in (2.5, 4.0, "3", None, True, False):
        with pytest.raises(TypeError):
            CountUp(limit)


def test_any_limit_is_immediate():
    counter = CountUp(10**12)
    assert [next(counter), next(counter), next(counter)] == [1, 2, 3]


def test_holds_no_list():
    def peak(count):
        tracemalloc.start()
        last = count()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return last, most

    def counted():
        last = 0
        for value in CountUp(500_000):
            last = value
        return last

    last, mine = peak(counted)
    length, whole = peak(lambda: len(list(range(500_000))))
    assert last == length and mine <= 0.01 * whole
"""


def _run(command: Sequence[str], folder: Path, code: int = 0) -> tuple[float, float]:
    """Wall and CPU seconds of a command and everything that it waited for."""
    before, began = os.times(), time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - began, os.times()
    if done.returncode != code:
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}")
    cpu = after.children_user + after.children_system
    return wall, cpu - before.children_user - before.children_system


def bench_kata(course: Course, folder: Path, rounds: int) -> dict[str, Any]:
    """Paired runs of ``kata check`` and pytest, ``kata list``, and saves while watching.

    Seconds: medians over ``rounds``; ``ratio`` is the median of the paired wall ratios.
    """
    root, plain = folder / "kata", folder / "pytest"
    space = setup.init(root, course).workspace
    solved = course.solution(course.exercise(EXERCISE)).read_text(encoding="utf-8")
    space.path(course.exercise(EXERCISE)).write_text(solved, encoding="utf-8")
    plain.mkdir()
    (plain / f"{EXERCISE}.py").write_text(solved, encoding="utf-8")
    (plain / f"test_{EXERCISE}.py").write_text(EQUIVALENT, encoding="utf-8")
    contenders: dict[str, Callable[[], tuple[float, float]]] = {
        "kata": lambda: _run([*KATA, "check", EXERCISE], root),
        "pytest": lambda: _run([sys.executable, "-m", "pytest", "-q"], plain),
        "pytest without its memory test": lambda: _run(
            [sys.executable, "-m", "pytest", "-q", "-k", "not holds_no_list"], plain
        ),
        "kata list": lambda: _run([*KATA, "list"], root),
    }
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
    for round_ in range(rounds + 1):
        names = list(contenders) if round_ % 2 else list(contenders)[::-1]
        for name in names:
            measured = contenders[name]()
            if round_:  # the first one warms the disk
                seen[name].append(measured)
    pairs = [k[0] / p[0] for k, p in zip(seen["kata"], seen["pytest"], strict=True)]
    medians = {
        name: {
            "wall": statistics.median(w for w, _ in runs),
            "cpu": statistics.median(c for _, c in runs),
        }
        for name, runs in seen.items()
    }
    saves = {id: _saves(course, root, id, rounds) for id in (EXERCISE, HEAVY)}
    return {
        "rounds": rounds,
        "runs": medians,
        "ratio": statistics.median(pairs),
        "saves": saves,
        **bench_day(course, folder / "day", min(rounds, 5)),
    }


def bench_day(course: Course, root: Path, rounds: int) -> dict[str, Any]:
    """What else a student waits for: the stub of an exercise with torch, an answer that never
    ends (CPU seconds of both), and ten answers handed in beside the same ten checked (the median
    of the paired wall ratios: behind walls, processes are not ours to wait for)."""
    space = setup.init(root, course).workspace
    stubs = [_run([*KATA, "check", HEAVY], root, code=1)[1] for _ in range(rounds)]
    endless = space.path(course.exercise(EXERCISE))
    endless.write_text(ENDLESS, encoding="utf-8")
    hung = [_run([*KATA, "check", EXERCISE], root, code=1)[1] for _ in range(rounds)]
    ten = course.exercises[:TEN]
    for exercise in ten:
        text = course.solution(exercise).read_text(encoding="utf-8")
        space.path(exercise).write_text(text, encoding="utf-8")
    ratios = []
    for _ in range(max(2, rounds // 2)):
        check, _cpu = _run([*KATA, "check", *(e.id for e in ten)], root)
        submit, _cpu = _run([*KATA, "submit", "--name", "ann"], root)
        ratios.append(submit / check)
    return {
        "stub": statistics.median(stubs),
        "endless": statistics.median(hung),
        "submit": statistics.median(ratios),
    }


def _saves(course: Course, root: Path, id: str, saves: int) -> dict[str, Any]:
    """Seconds from a save to its verdict in ``kata watch``: median and ninth decile."""
    exercise = course.exercise(id)
    path = root / "exercises" / exercise.chapter / f"{id}.py"
    text = course.solution(exercise).read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    watching = subprocess.Popen(
        [*KATA, "watch", id, "--plain"],
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert watching.stdout is not None
        verdict = ""

        def until_shown() -> float:
            nonlocal verdict
            checked = False
            assert watching.stdout is not None
            for line in watching.stdout:
                if "checks" in line and "passed" in line:
                    checked, verdict = True, line.strip()
                if checked and f"watching {id}" in line:
                    return time.perf_counter()
            raise RuntimeError(f"kata watch {id} ended")

        until_shown()
        times = []
        for number in range(saves):
            time.sleep(0.5)  # nobody saves faster
            path.write_text(f"{text}# save {number}\n", encoding="utf-8")
            began = time.perf_counter()
            times.append(until_shown() - began)
    finally:
        watching.terminate()
        watching.wait()
    return {
        "median": statistics.median(times),
        "ninth_decile": sorted(times)[int(0.9 * (len(times) - 1))],
        "saves": saves,
        "verdict": verdict,
    }


def kata_table(console: Console, numbers: dict[str, Any]) -> None:
    """The figures as a run prints them."""
    table = Table(title=f"kata, medians of {numbers['rounds']}", title_justify="left")
    table.add_column("")
    for name in ("wall s", "CPU s"):
        table.add_column(name, justify="right")
    for name, run in numbers["runs"].items():
        table.add_row(name, f"{run['wall']:.3f}", f"{run['cpu']:.3f}")
    for id, saves in numbers["saves"].items():
        table.add_row(f"save to verdict, {id}", f"{saves['median']:.3f}", "")
    table.add_row(f"kata check {HEAVY}, a stub", "", f"{numbers['stub']:.3f}")
    table.add_row(f"kata check {EXERCISE}, endless", "", f"{numbers['endless']:.3f}")
    console.print(table)


def kata_targets(numbers: dict[str, Any]) -> list[Target]:
    runs, saves = numbers["runs"], numbers["saves"]
    return [
        Target("kata check count_up ÷ pytest, wall", numbers["ratio"], 1.2, "x"),
        Target("kata check count_up, CPU", runs["kata"]["cpu"], 0.5, " s"),
        Target("kata list, CPU", runs["kata list"]["cpu"], 0.2, " s"),
        Target("kata watch, save to verdict", saves[EXERCISE]["median"], 0.15, " s"),
        Target("… of an exercise with torch", saves[HEAVY]["median"], 0.3, " s"),
        Target("kata check of a stub with torch, CPU", numbers["stub"], 0.5, " s"),
        Target("kata check of an endless count_up, CPU", numbers["endless"], 3.0, " s"),
        Target("kata submit of ten ÷ kata check of the ten, wall", numbers["submit"], 2.0, "x"),
    ]
