"""The marks of a cluster are those of this machine, cell by cell; run by `make test-all`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.yard import ROOT, Yard
from tests.cluster.test_deaths import TOY

pytest.importorskip("nbgrader")

from autograder import outline
from tests.notebooks import weather

pytestmark = pytest.mark.usefixtures("walls")

SEVEN = "count_up,stream_annotations,retry,parallel_map,pinned_loader,singleton,inference_server"


def cells(out: Path) -> dict[tuple[str, str], object]:
    """Of every answer its points, its verdict, and the verdict of each check."""
    lines = map(json.loads, (out / "results.jsonl").read_text().splitlines())
    return {
        (v["student"], v["exercise"]): (
            v["points"],
            v["verdict"],
            [(check["name"], check["verdict"]) for check in v["checks"]],
        )
        for v in lines
    }


def compare(yard: Yard, course: Path, class_: Path, out: Path, *options: str) -> int:
    """Grade a class here and on a cluster of two workers; how many answers are alike."""
    # One after the other: each has the machine to itself.
    argv = ["grade", class_, "--course", course, "--seed", "7", *options, "--out"]
    here = yard.start("autograde", argv=[*map(str, argv), str(out / "here")])
    assert here.code() in (0, 3), here.said
    yard.scheduler()
    workers = [yard.worker(course) for _ in range(2)]
    there = yard.grade(course, class_, out / "there", "--seed", "7", *options)
    assert there.code() in (0, 3), there.said
    assert [worker.ask() for worker in workers] == [0, 0]
    found, wanted = cells(out / "there"), cells(out / "here")
    assert found.keys() == wanted.keys()
    assert not {key: (found[key], wanted[key]) for key in wanted if found[key] != wanted[key]}
    for name in ("grades.csv", "files.csv"):
        assert (out / "there" / name).read_bytes() == (out / "here" / name).read_bytes()
    return len(found)


def test_of_the_sample_class(yard: Yard, tmp_path: Path) -> None:
    assert compare(yard, ROOT, ROOT / "course" / "samples", tmp_path, "--only", SEVEN) > 90


def test_of_300_notebooks(yard: Yard, tmp_path: Path) -> None:
    toy, submitted = outline.load(TOY), tmp_path / "submitted"
    weather.broken(toy, submitted)
    for number in range(285):
        weather.whole(toy, submitted, number)
    assert compare(yard, TOY, submitted, tmp_path, "--from", "nbgrader", "--only", "double") == 300
