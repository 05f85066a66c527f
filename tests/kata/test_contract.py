"""``kata show``: a contract is what its stub says, at any width."""

from __future__ import annotations

import io

import pytest

from autograder import outline
from autograder.kata import contract
from autograder.kata.lines import Line
from autograder.kata.terminal import Screen

WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen"
CONTRACT = f'''
@decorated(once=True)
def f(a: int, b: int) -> int:
    """{WORDS}
    fourteen. A short line
    ends here, see :func:`g` and ``h``.

    * {WORDS}
      fourteen
    * another

    Args:
        a: {WORDS} fourteen
            fifteen.
        b (int, optional): a number with a long text, so that nothing more fits into this line.
        *rest: a number

    >>> f({"1" * 60},
    ...   2)  # doctest: +SKIP
    3
    """

class C(NamedTuple):
    """A class."""

    size: int = 3

    @property
    def m(self) -> None:
        """A method."""

    def _hidden(self) -> None: ...
'''
SHOWN = f"""\
@decorated(once=True)
def f(a: int, b: int) -> int:
    {WORDS} fourteen. A short line
    ends here, see `g` and `h`.

    * {WORDS} fourteen
    * another

    Args:
        a: {WORDS} fourteen fifteen.
        b (int, optional): a number with a long text, so that nothing more fits into this line.
        *rest: a number

    >>> f({"1" * 60},
    ...   2)
    3

class C(NamedTuple):
    A class.

    size: int = 3
    @property
    def m(self) -> None:
        A method."""


def test_a_contract_is_shown_as_it_is() -> None:
    assert "\n".join(line.text for line in contract.rows(CONTRACT)) == SHOWN


def test_it_wraps_to_any_width() -> None:
    rows = [line.text for line in contract.rows(CONTRACT, 40)]
    assert max(map(len, rows)) <= 40 or max(rows, key=len).count(" ") == 8
    first = next(n for n, row in enumerate(rows) if row.startswith("        a: one"))
    assert rows[first + 1].startswith("            ") and not rows[first + 1][12].isspace()
    item = next(n for n, row in enumerate(rows) if row.startswith("    * one"))
    assert rows[item + 1].startswith("      ") and not rows[item + 1][6].isspace()
    spans = [line.text for line in contract.prose("word " * 7 + "``load(a, b=1)``.", 0, 40)]
    assert spans[-1] == "`load(a, b=1)`."


def test_code_has_a_colour_of_its_own() -> None:
    screen = Screen(stream=io.StringIO())
    screen.colour = True
    assert screen.format(Line("prose", "see `f`.")) == "see \x1b[36m`f`\x1b[0m."


@pytest.mark.parametrize("exercise", outline.load().exercises, ids=lambda e: e.id)
def test_no_word_of_the_course_is_lost(exercise: outline.Exercise) -> None:
    """At 80 columns, and nothing is wider."""
    import ast
    import re

    source = outline.load().stub(exercise).read_text(encoding="utf-8")
    rows = [line.text for line in contract.rows(source, 80)]
    assert max(map(len, rows)) <= 80
    shown = " ".join(" ".join(rows).split())
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            text = re.sub(r":\w+:`|`", "", (ast.get_docstring(node) or ""))
            text = re.sub(r"[ \t]*# doctest:.*", "", text)
            assert " ".join(text.split()) in shown.replace("`", "")
