"""The outline is read whole, and what is wrong with one is said with file, place and fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import outline

GOOD = """
[course]
title = "Toy"
[[chapter]]
id = "ch01"
title = "One"
[[chapter.exercise]]
id = "double"
title = "Double"
points = 2
minutes = 5
needs = ["numpy"]
limits = { wall = 3, memory = 256 }
"""


def write(folder: Path, text: str) -> Path:
    (folder / "outline.toml").write_text(text)
    return folder


def test_reads_a_course(tmp_path: Path) -> None:
    course = outline.load(write(tmp_path, GOOD))
    exercise = course.exercise("double")
    assert (exercise.chapter, exercise.points, exercise.profile) == ("ch01", 2, "numpy")
    assert exercise.limits.wall == 3 and exercise.limits.memory == 256 << 20


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("points = 2", ""), "needs 'points'"),
        (("minutes = 5", "minutes = 'x'"), "needs 'minutes' (a whole number)"),
        (('needs = ["numpy"]', 'needs = ["scikit-learn"]'), "not a package name"),
        (("wall = 3", "walls = 3"), "unknown limits walls"),
        (("wall = 3", "wall = -3"), "limit wall must be a positive number"),
        (('id = "double"', 'id = "no-name"'), "Python module name"),
        (('[[chapter]]\nid = "ch01"', "[[chapter]]"), "a [[chapter]] needs 'id'"),
        (("[course]", "[course"), "outline.toml"),
        (('needs = ["numpy"]', 'prerequisites = ["triple"]'), "needs 'triple' first"),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    with pytest.raises(outline.OutlineError) as caught:
        outline.load(write(tmp_path, GOOD.replace(*change)))
    assert words in str(caught.value) and str(tmp_path) in str(caught.value)


def test_unknown_exercise_suggests_near_names(tmp_path: Path) -> None:
    course = outline.load(write(tmp_path, GOOD))
    with pytest.raises(outline.OutlineError, match="did you mean double"):
        course.exercise("duoble")


def test_a_folder_without_outline(tmp_path: Path) -> None:
    with pytest.raises(outline.OutlineError, match="is not a course folder"):
        outline.load(tmp_path)
