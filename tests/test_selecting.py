"""A request that selects nothing is an error: whoever asked for something meant something."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder import outline
from autograder.grading import private_graders
from autograder.judging.checks import check
from autograder.outline import Course, OutlineError
from tests.in_process import autograde


def run(*arguments: str | Path) -> tuple[int, str]:
    done = autograde(*arguments)
    return done.exit_code, " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("audit dubble", "Did you mean double"),
        ("audit ''", "ID names no exercise"),
        ("audit double --only zzz", "no specimen of double has 'zzz' in its name"),
        ("audit double --only ''", "--only is empty"),
        ("audit double --seed ''", "--seed is empty"),
        ("mutate zzz", "no exercise is called 'zzz'"),
        ("mutate ,", "ID names no exercise"),
        ("stubs zzz --check", "no exercise is called 'zzz'"),
        ("stubs '' --check", "ID names no exercise"),
        ("build nb --chapter zzz", "no chapter with exercises is called 'zzz'"),
        ("build nb --chapter ''", "--chapter names no chapter"),
        ("release out --root nb --chapter ,", "--chapter names no chapter"),
        ("grade class --only zzz", "no exercise is called 'zzz'"),
        ("grade class --only ,", "--only names no exercise"),
        ("grade class --file-times", "--file-times needs --gradebook"),
        ("grade class --graders empty", "empty holds no grader: expected files such as test_do"),
        ("grade class --graders typo", "test_dubble.py matches no exercise"),
        ("grade class --only double --graders other", "has graders for stack, and none of these"),
    ],
)
def test_it_exits_2(
    command: str,
    words: str,
    toy: Course,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    walls: None,
) -> None:
    import shlex

    monkeypatch.chdir(tmp_path)
    grader = toy.grader(toy.exercise("double"))
    for name, file in (
        ("empty", "notes"),
        ("typo", "test_dubble.py"),
        ("other", "test_stack_2.py"),
    ):
        (tmp_path / name).mkdir()
        shutil.copy(grader, tmp_path / name / file)
    code, said = run(*shlex.split(command), "--course", toy.root)
    assert code == 2 and words in said, said
    assert not (tmp_path / "out").exists() and not (tmp_path / "nb").exists()


def test_a_misnamed_private_grader_is_told_its_name(toy: Course, tmp_path: Path) -> None:
    (tmp_path / "test_dubble.py").touch()
    with pytest.raises(
        private_graders.PrivateGradersError, match=r"use a name such as test_double_more\.py"
    ):
        private_graders.check(toy, toy.exercises, [tmp_path], "--graders")
    (tmp_path / "test_dubble.py").rename(tmp_path / "test_double_more.py")
    private_graders.check(toy, toy.exercises, [tmp_path], "--graders")


@pytest.mark.parametrize("value", ["-3", "nan", "inf", "-inf", "1e300", "'4'", "true"])
@pytest.mark.parametrize("key", ["points = 4", "wall = 4"])
def test_numbers_of_an_outline(value: str, key: str, toy: Course, tmp_path: Path) -> None:
    text = (toy.root / "outline.toml").read_text()
    name = key.partition(" ")[0]
    (tmp_path / "outline.toml").write_text(text.replace(key, f"{name} = {value}", 1))
    with pytest.raises(OutlineError, match=rf"outline.toml: exercise 'double'.*{name}"):
        outline.load(tmp_path)


@pytest.mark.parametrize("points", [0, -1, float("nan"), float("inf")])
def test_points_of_a_check(points: float) -> None:
    with pytest.raises(ValueError, match="positive number"):
        check(points=points)
