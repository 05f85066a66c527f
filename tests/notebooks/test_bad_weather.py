"""Fifteen broken notebooks in a class: everybody else gets the mark they would get alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("nbgrader")

from autograder.outline import Course
from tests.notebooks import weather

pytestmark = pytest.mark.usefixtures("walls")


def test_none_of_them_stops_the_run(toy: Course, tmp_path: Path) -> None:
    root = tmp_path / "nbgrader"
    command = [sys.executable, "-m", "autograder.cli"]
    done = subprocess.run(
        [*command, "release", "bundle", "--root", root, "--course", toy.root],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    submitted = root / "submitted"
    expected = weather.broken(toy, submitted)
    whole = {weather.whole(toy, submitted, n): weather.mark(n) for n in range(12)}
    command += ["grade", "submitted", "--gradebook", ".", "--course", str(toy.root)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and not done.stderr, done.stderr
    assert f"{len(whole) + 15} notebooks in the gradebook" in done.stdout
    lines = map(json.loads, (root / "out" / "results.jsonl").read_text().splitlines())
    results = {line["student"]: line for line in lines if line["exercise"] == "double"}
    assert {name: results[name]["points"] for name in whole} == whole
    for name, (verdict, words) in expected.items():
        result = results[name]
        said = " ".join([result.get("message", ""), *(c["message"] for c in result["checks"])])
        assert result["verdict"] == verdict, (name, result)
        assert words in said, (name, said)
        page = root / "autograded" / name / "basics" / "basics.ipynb"
        assert "of 4 points" in page.read_text()
