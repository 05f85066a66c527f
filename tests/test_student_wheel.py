"""What a class gets to install: `kata` and no solution, no hidden check, no bug."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from autograder import outline
from autograder.authoring import class_bundle, solutions_release, student_wheel
from autograder.authoring.outline_text import outline_text
from autograder.authoring.solutions_release import SolutionsError
from autograder.kata import help_had, workspace
from autograder.kata.workspace import Workspace

COURSE = outline.load()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return student_wheel.write(tmp_path_factory.mktemp("wheels"))


def test_it_holds_nothing_that_tells(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        texts = [archive.read(name).decode() for name in names if name.endswith(".py")]
    assert not [n for n in names if "grader" in Path(n).parts or "graders" in Path(n).parts]
    assert not [n for n in names if "_course" in n or "bugs/" in n or "solutions/" in n]
    for exercise in COURSE.exercises:
        assert not [n for n in names if exercise.id in n.split("/")[-1].split(".")]
        source = COURSE.solution(exercise).read_text(encoding="utf-8")
        assert not any(source in text for text in texts)


def test_two_builds_are_the_same(wheel: Path, tmp_path: Path) -> None:
    assert student_wheel.write(tmp_path).read_bytes() == wheel.read_bytes()


def test_it_installs_offline_and_checks_a_bundle(wheel: Path, bundle: Path, tmp_path: Path) -> None:
    """Out of the bundle's folder, with the command of its README, without a network."""
    python = tmp_path / "venv" / "bin" / "python"
    run(sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv"), cwd=tmp_path)
    (site,) = (tmp_path / "venv").glob("lib/python3*/site-packages")
    # What it needs is there already, as on a machine that was prepared.
    (site / "needs.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    (bundle / "wheels").mkdir()
    (bundle / "wheels" / wheel.name).write_bytes(wheel.read_bytes())
    pip = (sys.executable, "-m", "pip", "--python", str(python), "install", "--no-index", "--quiet")
    run(*pip, "--find-links", "wheels", "kata-student", cwd=bundle)
    kata = str(tmp_path / "venv" / "bin" / "kata")
    exercise = bundle / "exercises" / "basics" / "double.py"
    exercise.write_text("def double(x):\n    return 2 * x\n")
    assert "passed" in run(kata, "check", "double", cwd=bundle)
    assert "has no course of its own" in run(kata, "init", cwd=tmp_path, code=2)
    assert "no solutions" in run(kata, "solution", "double", cwd=bundle, code=1)
    assert "no bugs" in run(kata, "bug", "double", cwd=bundle, code=2)


def run(*command: str, cwd: Path, code: int = 0) -> str:
    import os

    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL", "KATA"))}
    env = {**env, "NO_COLOR": "1", "COLUMNS": "200", "KATA_PLAIN": "1"}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_readme_names_it() -> None:
    text = class_bundle.readme(COURSE, COURSE.chapters)
    assert "pip install --no-index --find-links wheels kata-student" in text
    assert "kata-student" not in class_bundle.readme(COURSE, COURSE.chapters, wheel=False)


def test_a_bundle_of_one_chapter_opens(tmp_path: Path) -> None:
    """Also where its exercises build on those of other chapters, which are not there."""
    for chapter in COURSE.chapters:
        text = outline_text(COURSE, [chapter], {}, "graders")
        (tmp_path / "outline.toml").write_text(text)
        assert [c.id for c in outline.load(tmp_path).chapters] == [chapter.id]


def test_solutions_unlock_a_bundle_and_replace_nothing(
    toy: outline.Course, bundle: Path, tmp_path: Path
) -> None:
    before = {p for p in bundle.rglob("*") if p.is_file()}
    out = tmp_path / "out"
    files = solutions_release.write(toy, toy.chapters, out, bugs=True)
    assert solutions_release.write(toy, toy.chapters, out, bugs=False) == files
    for path in files:
        target = bundle / path.relative_to(out)
        assert target not in before
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    course = workspace.find(bundle).course
    assert course.solution(course.exercise("double")).is_file()
    assert "BEGIN SOLUTION" not in (out / "solutions" / "basics" / "double.py").read_text()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").touch()
    with pytest.raises(SolutionsError, match=r"it holds mine\.txt"):
        solutions_release.write(toy, toy.chapters, tmp_path / "other", bugs=True)


def test_a_class_workspace_says_that_solutions_are_at_hand(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, toy: outline.Course
) -> None:
    space = workspace.find(bundle)
    assert help_had.installed(space) == []
    monkeypatch.setattr("autograder.outline.bundled", lambda: toy.root)
    about = help_had.about(space, "ann")
    assert about["solutions_installed"] == [e.id for e in toy.exercises]
    said = " ".join(line.text for line in help_had.lines(about))
    assert "The submission says so" in said and b'"ann"' in help_had.text(about)
    own = Workspace(space.root, space.course)  # self-study: solutions are there for all to see
    assert help_had.installed(own) == []
