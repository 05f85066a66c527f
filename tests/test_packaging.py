"""What is installed by which name: the engine needs less than the course."""

from __future__ import annotations

import ast
import tomllib
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pytest

import autograder
from autograder import outline, packages
from autograder.machine import CAPABILITIES
from autograder.outline import Course

ROOT = Path(__file__).resolve().parents[1]


def project(folder: str) -> dict[str, Any]:
    text = (ROOT / folder / "pyproject.toml").read_text(encoding="utf-8")
    values: dict[str, Any] = tomllib.loads(text)["project"]
    return values


def names(requirements: list[str]) -> set[str]:
    return {requirement.partition(">=")[0] for requirement in requirements}


ENGINE = project(".")
COURSE = project("packaging/kata-course")


def imported(path: Path, *, whole: bool = True) -> set[str]:
    """Top names of the modules that a file imports, wherever in it or at module level only."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree) if whole else tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_the_course_is_the_engine_of_the_same_version_and_its_extra() -> None:
    version = autograder.__version__
    assert COURSE["version"] == version
    assert COURSE["dependencies"] == [f"kata-autograder[course]=={version}"]
    for extra, requirements in COURSE["optional-dependencies"].items():
        assert requirements == [f"kata-autograder[{extra}]=={version}"]
        assert extra in ENGINE["optional-dependencies"]
    assert COURSE["urls"] == ENGINE["urls"]


def test_the_extra_is_what_is_said_to_be_missing() -> None:
    extra = names(ENGINE["optional-dependencies"]["course"])
    assert extra == set(packages.COURSE)
    assert not extra & names(ENGINE["dependencies"])


def test_the_engine_imports_none_of_it() -> None:
    """But for what runs when it is called: a picture of a lesson, a stand-in in a sandbox."""
    package = Path(autograder.__file__).parent
    importing = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if path.relative_to(package).parts[0] not in ("graders", "_course")
        and imported(path) & set(packages.COURSE)
    }
    beside = {name for name in importing if not name.startswith("judging/vocabulary/")}
    assert beside == {"authoring/pictures.py"}
    for name in importing:
        assert not imported(package / name, whole=False) & set(packages.COURSE)


def test_an_exercise_needs_what_its_solution_and_its_grader_import() -> None:
    """What is not in ``needs`` would be missing without a word, and every answer be wrong."""
    course = outline.load()
    known = {"numpy", *packages.COURSE}
    for exercise in course.exercises:
        needs = set(exercise.needs) | ({"numpy"} if "torch" in exercise.needs else set())
        for path in (course.solution(exercise), *course.grader_files(exercise)):
            assert imported(path) & known <= needs, path


def test_what_is_missing_is_said_with_its_fix(monkeypatch: pytest.MonkeyPatch, toy: Course) -> None:
    course = outline.load()
    monkeypatch.setattr(packages, "_spec", lambda name: None)
    exercises = [e for e in course.exercises if not set(e.needs) - set(CAPABILITIES)]
    assert exercises
    assert packages.missing(exercises) == ""
    said = packages.missing([course.exercise("inference_server")])
    assert "needs 'torch', which is not installed" in said
    assert packages.COURSE_FIX in said
    assert "`pip install numpy`" in packages.missing([toy.exercise("primes")])


def test_to_look_for_a_part_of_a_package_imports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    exercise = outline.load().exercise("export_model")
    assert "torch.export" in exercise.needs
    spec = {"torch": ModuleSpec("torch", None)}
    monkeypatch.setattr(packages, "_spec", spec.__getitem__)
    assert packages.missing([exercise]) == ""


def test_a_package_that_a_kind_of_sandbox_has_makes_no_kind_of_its_own() -> None:
    exercise = outline.load().exercise("inference_server")
    assert exercise.needs == ("torch", "aiohttp")
    assert exercise.packages == ()
    assert exercise.profile == "torch"
