"""Messages of exceptions that hidden checks may show."""

from __future__ import annotations

import ast

import pytest

from autograder.judging import missing, telling
from autograder.judging.telling import meant, shown

SOURCE = """
import math

class Counter:
    def __init__(self, limit):
        self.limit = limit

    def take(self, count):
        return self.lmit + cuont + math.tua
"""

SHOWN = [
    "name 'cuont' is not defined",
    "cannot access local variable 'count' where it is not associated with a value",
    "'Counter' object has no attribute 'lmit'",
    "'NoneType' object has no attribute 'limit'",
    "module 'math' has no attribute 'tua'",
    "No module named 'math'",
    "Counter.__init__() missing 1 required positional argument: 'limit'",
    "Counter.take() takes 1 positional argument but 2 were given",
    "Counter.take() missing 2 required positional arguments: 'count' and 'limit'",
    "'int' object is not iterable",
]
NOT_SHOWN = [
    "",
    "limit is 37",
    "name 'v37' is not defined",
    "'Counter' object has no attribute 'a37'",
    "name 'cuont' is not defined 37",
    "Counter.take() takes 37 positional arguments but 2 were given",
    "Counter.take() takes 1 positional argument but 37 were given",
    "No module named 'math.a37'",
    "Counter.take() missing 5 required positional arguments: "
    "'count', 'limit', 'take', 'self', and 'math'",
]


@pytest.mark.parametrize("message", SHOWN)
def test_words_of_the_file(message: str) -> None:
    assert shown(message, [SOURCE]) == message
    assert shown(f"{message}\nand 37", [SOURCE]) == message


@pytest.mark.parametrize("message", NOT_SHOWN)
def test_words_that_are_not_there(message: str) -> None:
    assert shown(message, [SOURCE]) == ""


def test_the_path_of_an_import_is_left_out() -> None:
    text = "cannot import name 'cuont' from 'math' (/tmp/x37/math.py)"
    assert shown(text, [SOURCE]) == "cannot import name 'cuont' from 'math'"


@pytest.mark.parametrize(
    ("kind", "message", "name"),
    [
        ("NameError", "name 'cuont' is not defined", "count"),
        ("NameError", "name 'limit' is not defined", "self.limit"),
        ("NameError", "name 'pritn' is not defined", "print"),
        ("AttributeError", "'Counter' object has no attribute 'lmit'", "limit"),
        ("AttributeError", "'Counter' object has no attribute 'taek'", "take"),
        ("NameError", "name 'zzz' is not defined", ""),
        ("TypeError", "'int' object is not iterable", ""),
    ],
)
def test_what_may_have_been_meant(kind: str, message: str, name: str) -> None:
    assert meant(kind, message, SOURCE) == name
    assert meant(kind, message, "def f(:") == ""


def test_the_judge_parses_no_long_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree takes hundreds of times the memory of its text, and the judge is everybody's."""
    parsed: list[int] = []
    parse = ast.parse
    monkeypatch.setattr(ast, "parse", lambda text: parsed.append(len(text)) or parse(text))
    long = "x = 1\n" * (telling.PARSED_CAP // 6 + 1)
    assert meant("NameError", "name 'y' is not defined", long) == ""
    assert "is that the one" not in missing.words("CountUp", "count_up", long.encode(), b"")
    assert not parsed or max(parsed) == 0


def test_an_answer_is_parsed_once_for_all_its_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []
    parse = ast.parse
    monkeypatch.setattr(ast, "parse", lambda text: parsed.append(1) or parse(text))
    source = "def totla(values):\n    return sum(values)  # its own text\n"
    for name in ("total", "totals"):
        assert meant("NameError", f"name '{name}' is not defined", source) == "totla"
    assert len(parsed) == 1
