"""A class on a cluster: the marks of the local run, and workers that do not fit."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.yard import Yard
from tests.in_process import autograde

TOY = Path(__file__).parents[1] / "toy_course"
pytestmark = pytest.mark.usefixtures("walls")

GOOD = "def double(x):\n    return 2 * x\n"
TEXTS = {
    "ann": GOOD,
    "bob": "def double(x):\n    return 3 * x\n",
    "cat": "def double(x):\n    return x + x\n",
    "dan": "import os\nos._exit(0)\n",
    "eve": "def double(x):\n    raise ValueError(x)\n",
    "fay": "def double(:\n",
    "gus": GOOD + "# gus\n",
    "hal": GOOD,
}


def rows(out: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Every cell of a run, without what differs from run to run."""
    found = {}
    for line in (out / "results.jsonl").read_text().splitlines():
        value = json.loads(line)
        for check in value["checks"]:
            del check["seconds"]
        found[value["student"], value["exercise"]] = value
    return found


def test_marks_are_those_of_the_local_run(
    yard: Yard, class_of: Callable[..., Path], tmp_path: Path
) -> None:
    class_ = class_of(TEXTS)
    yard.scheduler()
    first = yard.worker(TOY, "--slots", 1)
    second = yard.dask_worker(TOY, "--nthreads", 1, "--no-dashboard")
    second.wait_for("Registered to")
    asked = ("--seed", "7", "--only", "double,stack")
    run = yard.grade(TOY, class_, tmp_path / "there", *asked)
    assert run.code() == 0, run.said
    assert "graded 7 of 7" in run.said and "2 workers, 2 slots" in run.said
    here = tmp_path / "here"
    done = autograde("grade", class_, "--course", TOY, "--out", here, "--jobs", "1", *asked)
    assert done.exit_code == 0, done.output
    assert rows(tmp_path / "there") == rows(here)
    assert (tmp_path / "there" / "grades.csv").read_bytes() == (here / "grades.csv").read_bytes()
    assert first.ask() == 0 and first.said.endswith("ended\n"), first.said
    assert second.ask() == 0, second.said


def test_a_worker_that_differs_takes_no_jobs_and_both_sides_say_why(
    yard: Yard, class_of: Callable[..., Path], tmp_path: Path
) -> None:
    class_ = class_of({"ann": GOOD})
    yard.scheduler()
    worker = yard.stand_in(TOY, python="3.0.9")
    run = yard.grade(TOY, class_, tmp_path / "out")
    assert run.code() == 2, run.said
    assert "no worker" in run.said and "it has Python 3.0.9, not Python 3." in run.said
    assert "pass --mixed" in run.said and "Traceback" not in run.said
    worker.wait_for("no jobs from the coordinator")
    assert "it has Python 3.0.9" in worker.said
    assert not (tmp_path / "out").exists()

    mixed = yard.grade(TOY, class_, tmp_path / "out", "--mixed")
    assert mixed.code() == 0, mixed.said
    assert "1 result from workers with other versions (--mixed): Python 3.0.9." in mixed.said
    assert rows(tmp_path / "out")["ann", "double"]["graded_with"] == "Python 3.0.9"


def test_checks_find_a_gpu_and_open_measurements_a_worker_without_other_jobs(
    yard: Yard, class_of: Callable[..., Path], tmp_path: Path
) -> None:
    yard.scheduler()
    plain, with_gpu = yard.stand_in(TOY, slots=2), yard.stand_in(TOY, needs=["gpu"])
    texts = {f"g{n}": f"# gpu wait 0.05 {n}\n" for n in range(8)}
    class_ = class_of({**texts, "opa": "# open\n", "opb": "# open gpu\n"})
    run = yard.grade(TOY, class_, tmp_path / "out", "--only", "double")
    assert run.code() == 0, run.said
    found = {student: value for (student, _), value in rows(tmp_path / "out").items()}
    assert {v["verdict"] for v in found.values()} == {"passed"}
    assert all([c["name"] for c in found[s]["checks"]] == ["one", "two"] for s in (*texts, "opb"))
    assert "with a GPU" not in plain.said
    assert sorted(re.findall(r"graded (\w+) two with a GPU", with_gpu.said)) == [*texts, "opb"]
    for student in ("opa", "opb"):
        assert (plain.said + with_gpu.said).count(f"graded {student} one") == 1
        assert not found[student]["checks"][0].get("undecided")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--scheduler", "tcp://127.0.0.1:9", "--jobs", "2"), "--jobs is for this machine"),
        (("--mixed",), "--mixed needs --scheduler"),
        (("--tls", "."), "--tls needs --scheduler"),
        (("--scheduler", "tls://127.0.0.1:9"), "needs --tls FOLDER"),
        (("--scheduler", "tls://127.0.0.1:9", "--tls", "."), "has no ca.pem"),
        (("--scheduler", " "), "--scheduler is empty"),
        (("--scheduler", "tcp://127.0.0.1:9"), "no scheduler answers at tcp://127.0.0.1:9"),
        (("--scheduler", "here"), "is not the address of a scheduler"),
    ],
)
def test_what_cannot_be_meant_is_said(
    options: tuple[str, ...], words: str, class_of: Callable[..., Path], monkeypatch: Any
) -> None:
    monkeypatch.setattr("autograder.cluster.link._CONNECT", 1.0)
    done = autograde("grade", class_of({"ann": GOOD}), "--course", TOY, *options)
    assert done.exit_code == 2 and words in done.output, done.output
