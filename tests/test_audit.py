"""`autograde audit`: graders graded, on copies of the toy course."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import outline
from autograder.authoring import audit
from autograder.authoring.specimens import Specimen
from autograder.grading.judge_process import Grader
from autograder.model import Job, Result
from autograder.outline import Course

pytestmark = pytest.mark.usefixtures("walls")


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "110", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "autograder.cli", "audit", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


@pytest.fixture
def copy(tmp_path: Path, toy: Course) -> Path:
    return Path(shutil.copytree(toy.root, tmp_path / "course"))


def specimens(course: Path) -> Path:
    return course / "tests" / "specimens" / "basics" / "double"


def test_a_sound_exercise(toy: Course) -> None:
    done = command("double", "--course", toy.root, "--repeat", "3")
    assert done.returncode == 0, done.stdout
    assert "7 specimens, 21 runs, 0 failures" in done.stdout


def test_what_is_missing_is_said(toy: Course) -> None:
    done = command("primes", "--course", toy.root)
    assert done.returncode == 1
    assert "0 right_ specimens; at least 2 are needed" in done.stdout


def test_unsound_graders_and_specimens_fall_short(copy: Path) -> None:
    folder = specimens(copy)
    (folder / "right_not.py").write_text("# right: so it says\ndef double(x):\n    return x\n")
    (folder / "wrong_not.py").write_text(
        "# wrong: so it says  [test_any]\ndef double(x):\n    return x + x\n"
    )
    (folder / "wrong_no_check.py").write_text(
        "# wrong: names a check that is not there  [test_all]\ndef double(x):\n    return x\n"
    )
    (folder / "wrong_silent.py").write_text("def double(x):\n    return x\n")
    course = outline.load(copy)
    found = audit.audit(course, [course.exercise("double")])
    bad = {f.specimen.name: " ".join(f.problems) for f in found if not f.good}
    assert set(bad) == {"(parts)", "right_not", "wrong_not", "wrong_no_check", "wrong_silent"}
    assert "wrong_not.py breaks no clause" in bad["(parts)"]
    assert "lost test_two" in bad["right_not"]
    assert "test_any passed it" in bad["wrong_not"]
    assert "there is no check test_all" in bad["wrong_no_check"]
    assert "its first line must" in bad["wrong_silent"]


def test_a_fault_is_said_once_and_not_for_every_specimen(copy: Path) -> None:
    grader = copy / "graders" / "basics" / "test_double.py"
    grader.write_text(grader.read_text().replace("n + n for n", "n + nn for n"))
    done = command("double", "--course", copy)
    assert done.returncode == 1
    said = " ".join(done.stdout.split())
    assert said.count("GRADER FAULT test_any in test_double.py:") == 1
    assert said.count("name 'nn' is not defined") == 1 and "specimens)" in said


def test_flicker_is_seen(copy: Path) -> None:
    """A right answer that fails now and then is found by repeats, with the seed that did it."""
    (specimens(copy) / "right_now_and_then.py").write_text(
        "# right: except when the clock is odd\nimport time\n"
        "def double(x):\n    return 2 * x + (time.monotonic_ns() // 1000) % 2\n"
    )
    course = outline.load(copy)
    options = audit.Options(repeat=8, only="now_and_then")
    (finding,) = audit.audit(course, [course.exercise("double")], options)
    assert finding.runs == 8 and finding.problems
    assert any("(seed " in problem for problem in finding.problems)


def test_repeats_of_a_wrong_specimen_run_the_check_made_for_it_alone(
    toy: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, tuple[str, ...]]] = []
    grade = Grader.grade

    def noting(self: Grader, job: Job) -> Result:
        asked.append((job.student, job.only))
        return grade(self, job)

    monkeypatch.setattr(Grader, "grade", noting)
    double = [toy.exercise("double")]
    audit.audit(toy, double, audit.Options(repeat=2, jobs=1, only="square"))
    assert asked == [("wrong_square", ()), ("wrong_square", ("test_any",))]
    asked.clear()
    audit.audit(toy, double, audit.Options(jobs=1, only="square", quick=True))
    assert asked == [("wrong_square", ("test_any",))]


def test_a_sample_of_the_specimens() -> None:
    made = [Specimen("stub", b"", "stub"), Specimen("reference", b"", "full")]
    right = [Specimen(f"right_{n}", b"", "full") for n in range(5)]
    wrong = [Specimen(f"wrong_{n}", b"", "loses", "test_x") for n in range(5)]
    found = [*made, *right, *wrong]
    assert audit._drawn(found, None, None) == found and audit._drawn(found, 9, "seed") == found
    drawn = audit._drawn(found, 2, "seed")
    assert drawn == audit._drawn(found, 2, "seed") and len(drawn) == 6 and drawn[:2] == made
    assert {s.name for n in range(40) for s in audit._drawn(found, 2, str(n))} == {
        s.name for s in found
    }


def test_a_seed_that_was_told_repeats_that_run(
    toy: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds: list[str] = []
    grade = Grader.grade

    def noting(self: Grader, job: Job) -> Result:
        seeds.append(job.seed)
        return grade(self, job)

    monkeypatch.setattr(Grader, "grade", noting)
    double = [toy.exercise("double")]
    audit.audit(toy, double, audit.Options(repeat=2, jobs=1, only="square", seed="3fc1"))
    assert seeds == ["3fc1", "3fc1-1"]
    audit.audit(toy, double, audit.Options(jobs=1, only="square", seed="3fc1-1"))
    assert seeds[2:] == ["3fc1-1"]


def test_an_unknown_exercise_exits_2(toy: Course) -> None:
    done = command("dubble", "--course", toy.root)
    assert done.returncode == 2 and "Did you mean double" in done.stderr
