"""A notebook is graded as if it had been run from top to bottom.

Each notebook of the table is run for real, cell by cell in one namespace, and the answer that
is taken out of it has to behave as the notebook’s own name does. All texts are these tests’ own.
"""

from __future__ import annotations
import __future__

import contextlib
import io
import sys
import types
from typing import Any

import pytest

from autograder.ingest.notebooks import answers, modules, notebook_index
from autograder.ingest.notebooks.answers import Found
from autograder.ingest.notebooks.reading import Cell
from tests.notebooks.state_of_calls import CALLS
from tests.notebooks.state_of_definitions import DEFINITIONS
from tests.notebooks.state_of_modules import MODULES
from tests.notebooks.state_of_values import VALUES
from tests.notebooks.state_texts import FINE, STUB

BOOKS = DEFINITIONS | VALUES | MODULES | CALLS


def cells_of(book: list[str]) -> list[Cell]:
    return [Cell("code", c.removeprefix("#!"), "total" if c.startswith("#!") else "") for c in book]


def answer(book: list[str]) -> Found:
    found = answers.find(cells_of(book), answers.wanted("total", STUB))
    assert found is not None
    return found


def run(*texts: str) -> dict[str, Any]:
    """The namespace after the texts; one that raises ends there, as a cell does."""
    module = types.ModuleType("notebook")
    module.__dict__["__name__"] = "__main__"
    flags = 0
    for text in texts:
        if "from __future__ import annotations" in text:
            flags = __future__.annotations.compiler_flag  # which IPython keeps to
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
            exec(compile(text, "cell", "exec", flags, dont_inherit=True), module.__dict__)
    return module.__dict__


def asked(names: dict[str, Any], question: str) -> str:
    return repr(eval(question, names))


@pytest.mark.parametrize("name", BOOKS)
def test_the_answer_is_what_the_notebook_made(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    *book, question = BOOKS[name]
    live = asked(run(*(modules.run_by_cell(c.removeprefix("#!")) for c in book)), question)
    found = answer(book)
    module = types.ModuleType("answer")
    monkeypatch.setitem(sys.modules, "answer", module)
    # Raises where it should not.
    exec(compile(found.source, "answer", "exec", dont_inherit=True), module.__dict__)
    assert asked(module.__dict__, question) == live, found.source


BEFORE_AND_AFTER = [
    "import time, random, unittest",
    "print('hello', total([1]))",
    "x = total([1, 2])\nprint(x)",
    "x = await total([1])\nprint(x)",
    "async for x in total([1]):\n    print(x)",
    "box = Box(total)\nbox.run()",
    "total([1, 2])",
    "assert total([1]) == 1",
    "for n in range(3):\n    total([n])\n    print(n)",
    "results = [total([n]) for n in range(3)]",
    "t = time.perf_counter(); total([1]); print(time.perf_counter() - t)",
    "class Test(unittest.TestCase):\n    def test_it(self):\n        total([])",
    "unittest.main(argv=[''], exit=False)",
    "model = object()\nfor epoch in range(3):\n    random.seed(epoch)\n    loss = epoch",
    "name = input('name?')",
    "other([1])",
    "def other(items):\n    raise NotImplementedError('other: write your solution here')\nother(1)",
    "t = Total([1]); next(iter(t)); t.items.append(2); t.extra = 1; del t",
    "plt.plot([1]); plt.show()",
    "%timeit total([1])",
    "help(total)\ntotal?",
    "import doctest; doctest.testmod()",
    "def demo():\n    print(total([1]))\ndemo()",
    "[total([n]) for n in range(3)]",
    "total.__doc__, total.__name__",
    "raise SystemExit",
]


@pytest.mark.parametrize("text", BEFORE_AND_AFTER)
@pytest.mark.parametrize("marked", ["#!", ""])
def test_what_only_looks_at_the_answer_stays_behind(text: str, marked: str) -> None:
    mine = (
        f"import random\nSEEN = []\n{FINE}\n\n\nclass Total:\n    def __init__(self, items):\n"
        "        self.items = items\n        SEEN.append(items)"
    )
    found = answer([text, f"{marked}{mine}", text])
    assert found.source.strip() == mine, found.source


def test_a_stub_below_is_no_answer_and_no_redefinition() -> None:
    for cell in (STUB, f"#!{STUB}", STUB.replace("\n\n\n", "\n\n") + "# later\n"):
        assert answer([f"#!{FINE}", cell]).source.strip() == FINE
        assert answer([cell, FINE]).source.strip() == FINE


def test_a_stub_of_another_exercise_gives_way_to_its_answer() -> None:
    lean = "#!def total(items):\n    return other(items)"
    stub = 'def other(x):\n    raise NotImplementedError("other: write your solution here")'
    for book in (
        [stub, "def other(x):\n    return 7", lean],
        ["def other(x):\n    return 7", lean, stub],
    ):
        names = run(answer(book).source)
        assert asked(names, "total([])") == "7"


def test_an_untouched_stub_stays_one() -> None:
    found = answer([f"#!{STUB}", "total([1])", "t = Total([1])\nt.x = 1", "print(total)"])
    assert not found.attempted


def test_where_it_came_from_is_said() -> None:
    found = answer(["import math", "A = 1", "#!def total(items):\n    return A, B, C", "B = C = 2"])
    assert "graded with code from other cells: A (cell 2), B (cell 4), C (cell 4)" in found.note
    assert "# From cell 2 of the notebook:\nA = 1\n" in found.source
    assert "# From cell 4 of the notebook:\nB = C = 2" in found.source


def test_two_different_ones_are_told() -> None:
    found = answer(["#!def total(items):\n    return 1", f"#!{FINE}"])
    assert "2 different cells for it: the last one was graded" in found.note


def test_names_of_cells_that_were_run_in_another_order() -> None:
    book = [
        "#!import functools\n@wrap\ndef total(items, n=N):\n    return M + n\nSHOWN = total([])",
        "def wrap(f):\n    return functools.wraps(f)(lambda items: f(items))",
        "import functools\nN = 1",
        "M = helper()",
        "def helper():\n    return 2",
    ]
    assert asked(run(answer(book).source), "total([]), SHOWN") == "(3, 3)"


def test_a_notebook_of_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [f"x{n} = {n}\nprint(x{n})" for n in range(800)]
    found = answer([*many, "W = []", "W.append(x7)", "#!def total(items):\n    return W"])
    assert asked(run(found.source), "total([])") == "[7]" and found.source.count("\n") < 12
    monkeypatch.setattr(notebook_index, "STATEMENTS_CAP", 900)
    found = answer(["W = [1]", *many, "#!def total(items):\n    return W, 0"])
    assert asked(run(found.source), "total([])") == "([1], 0)"
    assert "not all were looked at" in found.note


@pytest.mark.parametrize(
    "text",
    [
        "def f(:",
        "a" * 400_000,
        "x = " + "(" * 3000,
        "W" + ".a" * 3000 + "()",
        "W = " + "[" * 80 + "]" * 80,
        "del total",
        "\0",
        "W.append(" * 50 + ")" * 50,
        "global W\nW = 1",
        "return 1",
        "@W\n@W.x\n@W(1)(2)\ndef f(): pass",
        "class W[T]: pass\ntype A = W[int]\ndef f[T](x: T) -> T: return x",
        "try:\n    W = 1\nexcept* ValueError as e:\n    W = 2",
        "W: list = []\nW: list",
        "W[0], W.x, *W[1:] = W",
        "match W:\n    case {'a': W, **r} | [W, *r]: pass",
        "lambda: (yield)",
        "_ = [W := 1 for _ in W]",
    ],
)
def test_any_cell_can_stand_beside(text: str) -> None:
    found = answer([text, "W = [5]", "#!def total(items):\n    return W"])
    assert found.attempted and "W = [5]" in found.source
