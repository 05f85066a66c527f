"""``kata solution``: the reference can be read at 80 columns."""

from __future__ import annotations

import io
import sys
import tokenize

import pytest

from autograder import outline
from autograder.kata import pager, solution
from autograder.kata.terminal import Screen

COURSE = outline.load()


def test_it_is_shown_without_the_contract_that_both_have() -> None:
    stub = 'def f():\n    """Long\n\n    text.\n    """\n    raise NotImplementedError\n'
    answer = stub.replace("raise NotImplementedError", "return 1")
    assert solution.without_contract(answer, stub) == 'def f():\n    """…"""\n    return 1\n'
    assert solution.without_contract("def f(:", stub) == "def f(:"


def test_a_comment_stays_a_comment() -> None:
    code = "if x:\n    # one two three four five\n    # six\n    y = 1  # seven eight nine ten\n"
    assert solution.fitted(code, 24) == (
        "if x:\n    # one two three four\n    # five six\n"
        "    # seven eight nine\n    # ten\n    y = 1\n"
    )
    assert solution.fitted(code, 80) == code
    assert solution.fitted("def f(:  # a\n", 80) == "def f(:  # a\n"


@pytest.mark.parametrize("exercise", COURSE.exercises, ids=lambda e: e.id)
def test_no_row_is_wider_than_the_terminal(exercise: outline.Exercise) -> None:
    reference, notes = solution.parts(COURSE.solution(exercise).read_text(encoding="utf-8"))
    fitted = solution.fitted(reference, 80)
    assert max(map(len, fitted.splitlines())) <= 80
    assert notes

    def words(text: str) -> list[str]:
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        comments = [t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT]
        return sorted(" ".join(comments).split())

    assert words(fitted) == words(reference)


def test_code_is_broken_where_it_stays_code() -> None:
    code = 'raise ValueError(f"not {x!r}", one, two)\n'
    assert solution.fitted(code, 34) == ('raise ValueError(f"not {x!r}",\n        one, two)\n')
    assert (
        solution.fitted(code, 29) == 'raise ValueError(\n        f"not {x!r}", one,\n        two)\n'
    )


def test_a_long_text_is_paged_at_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, paged = Terminal(), list[str]()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(sys, "stdin", terminal)
    monkeypatch.setattr("pydoc.pager", paged.append)
    monkeypatch.setenv("LINES", "24")
    pager.show(Screen(), "short")
    pager.show(Screen(plain=True), "line\n" * 50)
    assert not paged and "short" in terminal.getvalue()
    pager.show(Screen(), "line\n" * 50)
    assert paged == ["line\n" * 50]
    pager.show(Screen(stream=io.StringIO()), "line\n" * 50)
    assert len(paged) == 1
