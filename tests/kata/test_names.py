"""What an exercise may be called: whatever a screen or a page calls it."""

from __future__ import annotations

import pytest

from autograder import outline
from autograder.command_line import exercise_names
from autograder.command_line.exercise_names import Unknown
from tests.kata.kata_support import Run

COURSE = outline.load()


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("count_up", "count_up"),
        ("cou", "count_up"),
        ("CountUp", "count_up"),
        ("2.1", "count_up"),
        ("1.1.1", "runtime_report"),
        ("exercises/ch02_iterators_generators/count_up.py", "count_up"),
        (r"exercises\ch02_iterators_generators\count_up.py", "count_up"),
        ("test_count_up.py", "count_up"),
        ("tests/specimens/ch02_iterators_generators/count_up/wrong_zero_based.py", "count_up"),
        ("CountUp, an iterator by hand", "count_up"),
        ("count-up", "count_up"),
    ],
)
def test_one_exercise(name: str, id: str) -> None:
    assert exercise_names.one(COURSE, name).id == id


@pytest.mark.parametrize(
    "name", ["2", "ch02", "ch2", "chapter 2", "Iterators and generators", "lessons/ch02_x.md"]
)
def test_a_chapter_is_its_exercises(name: str) -> None:
    name = name.replace("ch02_x", "ch02_iterators_generators")
    assert exercise_names.several(COURSE, [name]) == list(COURSE.chapters[1].exercises)
    assert exercise_names.chapter(COURSE, name) == COURSE.chapters[1].id
    with pytest.raises(Unknown, match=r"chapter ch02_\w+ has count_up, .*: name one of them"):
        exercise_names.one(COURSE, name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Countup1", r"Did you mean count_up\?"),
        ("cuont_up", r"Did you mean count_up\?"),
        ("s", r"'s' could be \w+, .* or \w+: type more of it"),
        ("2.3", "section 2.3 has stream_annotations, iter_coco and sharded_stream"),
        ("2.1.1", "`kata list` shows them all"),
        ("", "no exercise is called"),
    ],
)
def test_nobody_guesses(name: str, words: str) -> None:
    with pytest.raises(Unknown, match=words):
        exercise_names.one(COURSE, name)


def test_help_and_version_are_asked_for_in_any_way(kata: Run) -> None:
    asked = [("check", "-h"), ("help", "check"), ("check", "help")]
    assert len({kata(*words).stdout for words in asked}) == 1
    assert "Run the checks" in kata("check", "-h").stdout
    assert kata("version").stdout == kata("--version").stdout != ""
