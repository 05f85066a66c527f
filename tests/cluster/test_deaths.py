"""What dies while a class is graded: nothing is lost, and nothing counted twice.

The workers are stand-ins: what a submission says, they do.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.yard import Program, Yard, wait

TOY = Path(__file__).parents[1] / "toy_course"
ClassOf = Callable[[dict[str, str]], Path]


def texts(count: int, words: str = "wait 0.05") -> dict[str, str]:
    return {f"s{n:02}": f"# {words} s{n:02}\n" for n in range(count)}


def exact(out: Path, class_: Path, count: int, but: str = "") -> None:
    """Every student has the one result of the own text."""
    lines = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    graded = {v["student"]: v for v in lines if v["exercise"] == "double"}
    assert len([v for v in lines if v["exercise"] == "double"]) == len(graded) == count
    for student, value in graded.items():
        text = (class_ / student / "double.py").read_bytes()
        if student != but:
            assert value["verdict"] == "passed", value
            assert value["message"] == hashlib.sha256(text).hexdigest()


def graded(*workers: Program) -> Counter[str]:
    """How often each student was graded."""
    return Counter(re.findall(r"^graded (\w+)", "".join(w.said for w in workers), re.MULTILINE))


def test_a_submission_that_kills_three_workers_is_a_verdict(
    yard: Yard, class_of: ClassOf, tmp_path: Path
) -> None:
    yard.scheduler()
    workers = [yard.stand_in(TOY, slots=2) for _ in range(4)]
    class_, out = class_of({**texts(30), "kim": "# kill\n"}), tmp_path / "out"
    run = yard.grade(TOY, class_, out, "--only", "double")
    assert run.code() == 3, run.said
    assert [w.alive() for w in workers].count(True) == 1
    exact(out, class_, 31, but="kim")
    (line,) = (x for x in (out / "results.jsonl").read_text().splitlines() if '"kim"' in x)
    value = json.loads(line)
    assert value["verdict"] == "grader fault" and value["open_points"] == 4
    assert value["message"].startswith("3 workers died while they graded this answer: tcp://")
    assert len(set(re.findall(r"tcp://[\d.:]+", value["message"]))) == 3


def test_a_worker_and_the_scheduler_are_killed_and_the_run_goes_on(
    yard: Yard, class_of: ClassOf, tmp_path: Path
) -> None:
    scheduler = yard.scheduler()
    workers = [yard.stand_in(TOY) for _ in range(2)]
    class_, out = class_of(texts(60, "wait 0.1")), tmp_path / "out"
    run = yard.grade(TOY, class_, out, "--only", "double")
    wait(lambda: graded(workers[0]), run.alive, lambda: run.said)
    os.kill(workers[0].pid, signal.SIGKILL)
    wait(lambda: len(graded(workers[1])) > 10, run.alive, lambda: run.said)
    os.kill(scheduler.pid, signal.SIGKILL)
    wait(lambda: not scheduler.alive())
    yard.scheduler()
    workers[1].wait_for("takes jobs", 2)
    assert run.code() == 0, run.said
    exact(out, class_, 60)
    assert run.said.count("graded 60 of 60") == 1
    assert set(graded(*workers).values()) <= {1, 2}


def test_a_worker_that_is_cut_off_is_given_up_and_counts_no_result_twice(
    yard: Yard, class_of: ClassOf, tmp_path: Path
) -> None:
    yard.scheduler(**{"worker-ttl": "1s"})  # Dask waits for ten heartbeats: 5 s
    workers = [yard.stand_in(TOY) for _ in range(2)]
    class_, out = class_of(texts(30, "wait 0.05")), tmp_path / "out"
    run = yard.grade(TOY, class_, out, "--only", "double")
    wait(lambda: graded(workers[0]), run.alive, lambda: run.said)
    os.kill(workers[0].pid, signal.SIGSTOP)
    assert run.code() == 0, run.said
    os.kill(workers[0].pid, signal.SIGCONT)
    exact(out, class_, 30)
    assert run.said.count("graded 30 of 30") == 1
    workers[0].wait_for("takes jobs", 2)


def test_ctrl_c_and_a_coordinator_that_is_killed_leave_workers_that_go_on(
    yard: Yard, class_of: ClassOf, tmp_path: Path
) -> None:
    yard.scheduler()
    worker = yard.stand_in(TOY, slots=2)
    class_, out = class_of(texts(60, "wait 0.1")), tmp_path / "out"
    first = yard.grade(TOY, class_, out, "--only", "double")
    wait(lambda: len(graded(worker)) > 10, first.alive, lambda: first.said)
    assert first.ask(signal.SIGINT) == 130, first.said
    assert re.search(r"Stopped: \d+ of 60 graded", first.said), first.said
    second = yard.grade(TOY, class_, out, "--only", "double")
    wait(lambda: len(graded(worker)) > 30, second.alive, lambda: second.said)
    os.kill(second.pid, signal.SIGKILL)
    third = yard.grade(TOY, class_, out, "--only", "double")
    assert third.code() == 0, third.said
    assert re.search(r"60 answers: \d+ graded before, \d+ to grade", third.said), third.said
    exact(out, class_, 60)
    # What was stored is not graded again: only what was on its way when a coordinator ended.
    assert sum(graded(worker).values()) <= 60 + 2 * 2 * 2 * 25
    assert worker.alive() and worker.ask() == 0
