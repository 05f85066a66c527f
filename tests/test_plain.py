"""`pytest <graders> --submission PATH`, on the toy course."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.outline import Course

pytestmark = pytest.mark.usefixtures("walls")


def run(toy: Course, submission: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", str(toy.graders), "-p", "autograder.plain"]
    command += [
        "--course",
        str(toy.root),
        "--submission",
        str(submission),
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run([*command, *more], capture_output=True, text=True, check=False)


def test_a_right_answer_passes_and_gpu_checks_are_skipped(toy: Course) -> None:
    done = run(toy, toy.root / "solutions", "--seed", "7", "-rs")
    assert done.returncode == 0, done.stdout
    assert "--seed 7 repeats its inputs" in done.stdout
    assert "6 passed, 1 skipped" in done.stdout or "7 passed" in done.stdout


def test_a_wrong_answer_fails_with_the_words_for_the_student(toy: Course, tmp_path: Path) -> None:
    (tmp_path / "double.py").write_text("def double(x):\n    return x * 3\n")
    done = run(toy, tmp_path)
    assert done.returncode == 1
    assert "double(2) returned 6." in done.stdout
    assert "Traceback" not in done.stdout and "expect(" not in done.stdout
    assert "No file stack.py was found in this submission." in run(toy, tmp_path, "-rs").stdout


def test_a_missing_submission_is_a_usage_error(toy: Course, tmp_path: Path) -> None:
    done = run(toy, tmp_path / "nobody")
    assert done.returncode == 4
    assert "nobody does not exist" in done.stderr and "Traceback" not in done.stderr
