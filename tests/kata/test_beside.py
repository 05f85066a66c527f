"""Helper modules and data files beside a student's file: check, submit, and grading agree."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

from autograder.ingest.submissions import collect
from autograder.kata.workspace import Workspace
from tests.kata.kata_support import Run, write

ANSWER = """
from helper import twice

def double(x):
    assert open("table.csv").read() == "2"
    return twice(x)
"""


def test_check_and_submit_bring_what_lies_beside(
    kata: Run, space: Workspace, walls: None, tmp_path: Path
) -> None:
    path = write(space, "double", ANSWER)
    missing = kata("check", "double")
    assert missing.returncode == 1 and "helper.py was not in the submission" in missing.stdout
    path.with_name("helper.py").write_text("def twice(x):\n    return 2 * x\n")
    path.with_name("table.csv").write_text("2")
    path.with_name("diary.txt").write_text("nobody's business")
    checked = json.loads(kata("check", "double", "--json").stdout)["exercises"][0]
    assert checked["passed"] and checked["files"] == ["helper.py", "table.csv"]
    done = kata("submit", "--name", "ann")
    assert done.returncode == 0 and "with helper.py, table.csv" in done.stdout
    with zipfile.ZipFile(space.root / "ann.zip") as archive:
        names = {f"basics/{name}" for name in ("double.py", "helper.py", "table.csv")}
        assert set(archive.namelist()) == {*names, "kata-submission.json"}
        archive.extractall(tmp_path / "ann")
    for place in (space.root / "ann.zip", tmp_path / "ann", tmp_path / "ann/basics/double.py"):
        (found,) = collect(place, space.course, space.course.exercises)
        files = dict(found.answers["double"].files)
        assert files == {"helper.py": path.with_name("helper.py").read_bytes(), "table.csv": b"2"}


def test_a_workspace_has_the_courses_files(space: Workspace) -> None:
    exercise = replace(space.course.exercise("double"), files=("outline.toml",))
    space.bring(exercise)
    for folder in (space.path(exercise).parent, space.root / "notebooks"):
        ((_, data),) = space.course.files(exercise)
        assert (folder / "outline.toml").read_bytes() == data
