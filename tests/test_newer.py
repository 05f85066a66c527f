"""The Python that graded is named where it refuses what another one takes."""

from __future__ import annotations

import pytest

from autograder.judging import newer, outcomes

OLD = (3, 11)


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("type X = int", "3.12"),
        ("type Pair[T] = tuple[T, T]", "3.12"),
        ("def first[T](xs: list[T]) -> T:", "3.12"),
        ("async def f[**P](x): ...", "3.12"),
        ("class Box[T]:", "3.12"),
        ("class Box[T = int]:", "3.13"),
        ('print(f"{names["ann"]}")', "3.12"),
        ("x = f'{\"\\n\".join(names)}'", "3.12"),
        ("except ValueError, TypeError:", "3.14"),
        ('page = t"{name}"', "3.14"),
    ],
)
def test_syntax_of_later_versions(line: str, needed: str) -> None:
    assert newer.wanted(line, True, OLD) == f"Graded with Python 3.11; this needs {needed}."


@pytest.mark.parametrize(
    "line",
    [
        "def f(:",
        "type = 3",
        "print 'x'",
        'x = f"{names}" + "a"',
        "class A(B[T]:",
        "return return",
        "except (ValueError, TypeError):",
        "",
    ],
)
def test_what_no_version_takes(line: str) -> None:
    assert newer.wanted(line, True, OLD) == "Graded with Python 3.11."


def test_where_it_is_new_enough_no_other_version_is_named() -> None:
    assert newer.wanted("type X = int", True, (3, 12)) == "Graded with Python 3.12."


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("from itertools import batched, chain", "Graded with Python 3.11; this needs 3.12."),
        ("for part in itertools.batched(xs, 2):", "Graded with Python 3.11; this needs 3.12."),
        ("from typing import (override)", "Graded with Python 3.11; this needs 3.12."),
        ("import compression.zstd, os", "Graded with Python 3.11; this needs 3.14."),
        ("from annotationlib import get_annotations", "Graded with Python 3.11; this needs 3.14."),
        ("import numpy as np", ""),
        ("x = self.batched", ""),
    ],
)
def test_names_of_later_versions(line: str, words: str) -> None:
    assert newer.wanted(line, False, OLD) == words


def test_modules_that_were_removed() -> None:
    words = "Graded with Python 3.13; Python 3.12 has removed this."
    assert newer.wanted("from distutils.core import setup", False, (3, 13)) == words
    assert newer.wanted("import distutils", False, OLD) == ""


def test_a_hidden_check_says_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version_info", (3, 11, 7))
    source = "import math\ntype X = int\n"
    error = {"type": "SyntaxError", "message": "invalid syntax", "frames": [[2, "<module>"]]}
    told = outcomes.raised(error, "double", source)
    for message in (told.public_message, told.hidden_message):
        assert message.endswith("type X = int\n  Graded with Python 3.11; this needs 3.12.")
    error = {"type": "ImportError", "message": "no", "frames": [[1, "<module>"]]}
    assert "Graded" not in outcomes.raised(error, "double", source).public_message
