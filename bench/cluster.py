"""A cluster of stand-ins: how it scales, what the scheduler costs, what the coordinator holds.

The workers are real in all but their judges (:mod:`bench.yard`): a job waits as long as its text
says. So the figures are those of Dask and of the coordinator, and a machine with few cores can have
many workers.

    python -m bench.cluster --many 10000 --kill 3 --db postgresql+psycopg://…

grades so many generated submissions to the end, kills workers at random times, and compares every
result with the one that is expected.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from autograder import outline
from autograder.cluster.cluster import Cluster
from autograder.cluster.facts import facts_of
from autograder.cluster.link import Link
from autograder.grading.tasks import Task
from autograder.judging.settings import JudgeSettings
from autograder.model import Job, Walls
from bench.targets import Target
from bench.yard import ROOT, Program, Yard

TOY = ROOT / "tests" / "toy_course"
WAIT = 0.25
"""Seconds that a job of the scaling waits."""


@contextlib.contextmanager
def _yard(folder: Path) -> Iterator[Yard]:
    folder.mkdir(exist_ok=True)
    yard = Yard(folder)
    try:
        yield yard
    finally:
        yard.close()


def _cpu(program: Program) -> float:
    times = psutil.Process(program.pid).cpu_times()
    return float(times.user + times.system)


def _grade(yard: Yard, jobs: int, words: str) -> float:
    """Have so many jobs done by the workers that are there; seconds from first to last result."""
    course = outline.load(TOY)
    tasks = [
        Task(str(n), Job(f"s{n}", "double", f"# {words} {n}".encode(), "7")) for n in range(jobs)
    ]
    with Link(yard.address, facts_of(course, (), walls=Walls.NAMESPACES), print) as link:
        judges = Cluster(link).judges(course, JudgeSettings(course.root), len(tasks))
        with judges:
            start = time.monotonic()
            got = [graded.result for graded in judges.grade_all(tasks)]
            seconds = time.monotonic() - start
    assert sorted(r.student for r in got) == sorted(t.job.student for t in tasks)
    assert not any(r.faulted for r in got)
    return seconds


def bench_scaling(folder: Path, jobs: int) -> dict[str, Any]:
    """Jobs a second with 2, 4 and 8 workers, ``jobs`` for each worker."""
    rates = {}
    with _yard(folder / "scaling") as yard:
        yard.scheduler()
        workers: list[Program] = []
        for count in (2, 4, 8):
            workers += [yard.stand_in(TOY) for _ in range(count - len(workers))]
            _grade(yard, 2 * count, "wait 0.01")  # every worker has connected and imported
            rates[count] = jobs * count / _grade(yard, jobs * count, f"wait {WAIT}")
    return {
        "rates": rates,
        "linear": {n: rates[n] / rates[2] / (n / 2) for n in (4, 8)},
        "of the workers' time": {n: rates[n] * WAIT / n for n in rates},
    }


def bench_overhead(folder: Path, jobs: int) -> dict[str, float]:
    """Milliseconds per job of jobs that take no time: of the clock, and of the CPU."""
    with _yard(folder / "overhead") as yard:
        scheduler = yard.scheduler()
        for _ in range(2):
            yard.stand_in(TOY, slots=2)
        _grade(yard, 50, "now")
        before, own = _cpu(scheduler), time.process_time()
        seconds = _grade(yard, jobs, "now")
        spent, own = _cpu(scheduler) - before, time.process_time() - own
    spans = {"wall": seconds, "scheduler CPU": spent, "coordinator CPU": own}
    return {name: round(1000 * span / jobs, 2) for name, span in spans.items()}


def _class(folder: Path, count: int) -> Path:
    for number in range(count):
        place = folder / f"s{number:05}"
        place.mkdir(parents=True)
        for exercise in ("double", "stack"):
            (place / f"{exercise}.py").write_text(f"# wait 0.001 {exercise} {number}\n")
    return folder


def _run(yard: Yard, class_: Path, out: Path, *options: str) -> tuple[int, float]:
    """`autograde grade`; peak of its own memory in bytes, and seconds."""
    command = [sys.executable, "-m", "autograder.cli", "grade", str(class_), "--course", str(TOY)]
    command += ["--only", "double,stack", "--scheduler", yard.address, "--out", str(out), *options]
    start = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with out.with_suffix(".log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, out.with_suffix(".log").read_text()
    return usage.ru_maxrss * 1024, time.monotonic() - start


def wrong(class_: Path, out: Path) -> list[str]:
    """The results that are not the expected ones, and those that are missing or there twice."""
    found: dict[tuple[str, str], int] = {}
    problems = []
    with (out / "results.jsonl").open() as lines:
        for line in lines:
            value = json.loads(line)
            key = value["student"], value["exercise"]
            if key[1] == "primes":
                continue
            found[key] = found.get(key, 0) + 1
            text = (class_ / key[0] / f"{key[1]}.py").read_bytes()
            if value.get("message") != hashlib.sha256(text).hexdigest():
                problems.append(f"{key}: {value['verdict']} {value.get('message')}")
    expected = {(p.parent.name, p.stem) for p in class_.glob("*/*.py")}
    problems += [f"{key} is missing" for key in expected - found.keys()]
    return problems + [f"{key}: {count} times" for key, count in found.items() if count > 1]


def bench_memory(folder: Path, few: int, many: int) -> dict[str, Any]:
    """Peak of the coordinator's memory for a few and for many submissions, report included."""
    figures: dict[str, Any] = {"few": few, "many": many}
    with _yard(folder / "memory") as yard:
        yard.scheduler()
        for _ in range(2):
            yard.stand_in(TOY, slots=4)
        for name, count in (("few", few), ("many", many)):
            class_ = _class(folder / name, count)
            peak, seconds = _run(yard, class_, folder / f"out-{name}")
            assert not wrong(class_, folder / f"out-{name}")
            figures[f"{name} MiB"], figures[f"{name} s"] = peak >> 20, round(seconds, 1)
    figures["ratio"] = figures["many MiB"] / figures["few MiB"]
    return figures


def bench_cluster(folder: Path, quick: bool) -> dict[str, Any]:
    """All of them."""
    return {
        "scaling": bench_scaling(folder, 20 if quick else 80),
        "overhead": bench_overhead(folder, 1000 if quick else 5000),
        "memory": bench_memory(folder, 100, 400 if quick else 2000),
    }


def cluster_targets(figures: dict[str, Any]) -> list[Target]:
    """What the figures are to reach."""
    linear, overhead = figures["scaling"]["linear"], figures["overhead"]
    memory = figures["memory"]
    return [
        *(
            Target(f"cluster: 2 → {n} workers, of linear", linear[n], 0.9, "x", at_least=True)
            for n in (4, 8)
        ),
        Target("cluster: scheduler's CPU per job", overhead["scheduler CPU"], 5, " ms"),
        Target(f"coordinator's memory, {memory['many']} ÷ 100", memory["ratio"], 1.2, "x"),
    ]


def many(folder: Path, count: int, kills: int, db: str | None) -> dict[str, Any]:
    """``count`` submissions to the end, while workers are killed at random times."""
    with _yard(folder / "yard") as yard:
        yard.scheduler()
        workers = [yard.stand_in(TOY, slots=2) for _ in range(4)]
        class_, out = _class(folder / "class", count), folder / "out"
        done = threading.Event()

        def kill() -> None:
            for _ in range(kills):
                if done.wait(random.uniform(3, 12)):
                    return
                victim = random.choice([w for w in workers if w.alive()])
                os.kill(victim.pid, signal.SIGKILL)
                workers.append(yard.stand_in(TOY, slots=2))
                killed.append(victim.pid)

        killed: list[int] = []
        killer = threading.Thread(target=kill)
        killer.start()
        peak, seconds = _run(yard, class_, out, *(("--db", db) if db else ()))
        done.set()
        killer.join()
    problems = wrong(class_, out)
    print(*problems[:10], sep="\n")
    return {
        "results": 2 * count,
        "wrong": len(problems),
        "killed": len(killed),
        "seconds": round(seconds, 1),
        "per second": round(2 * count / seconds, 1),
        "coordinator MiB": peak >> 20,
    }


def main() -> None:
    """The one long run; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m bench.cluster", description=many.__doc__)
    parser.add_argument("--many", type=int, default=10_000, metavar="N")
    parser.add_argument("--kill", type=int, default=3, metavar="N")
    parser.add_argument("--db", help="an SQLAlchemy URL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kata-cluster-") as place:
        print(json.dumps(many(Path(place), options.many, options.kill, options.db), indent=1))


if __name__ == "__main__":
    main()
