"""Which text of a notebook is the answer, after everything that happens to notebooks."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from autograder.ingest.submissions import Answer, collect
from autograder.model import Verdict
from autograder.outline import Course
from tests.notebooks.books import BAD, GOOD, STACK, answered, cell_of, code, released, save


def answer(tmp_path: Path, toy: Course, book: Any, id: str = "double") -> Answer:
    save(book, tmp_path / "class" / "ann" / "basics" / "basics.ipynb")
    (found,) = collect(tmp_path / "class", toy, toy.exercises)
    return found.answers[id]


def run(found: Answer) -> dict[str, Any]:
    """The names that the answer defines; only ever used on this file's own texts."""
    assert found.source is not None, found.message
    names: dict[str, Any] = {}
    exec(compile(found.source, "answer", "exec"), names)
    return names


def test_as_it_was_meant(tmp_path: Path, toy: Course) -> None:
    found = answer(tmp_path, toy, answered(toy, double=GOOD))
    assert found.source == GOOD.encode() and not found.note


def test_a_notebook_as_released_is_not_started(tmp_path: Path, toy: Course) -> None:
    found = answer(tmp_path, toy, released(toy))
    assert found.source == toy.stub(toy.exercise("double")).read_bytes()


def test_forged_metadata_and_outputs_are_not_looked_at(tmp_path: Path, toy: Course) -> None:
    book = answered(toy, double=BAD)
    cell_of(book, "double")["metadata"]["nbgrader"] |= {"points": 999, "locked": True}
    checks = cell_of(book, "double-checks")
    checks["metadata"]["nbgrader"]["points"] = 999
    checks["source"] = "999"
    checks["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "999"}}]
    assert answer(tmp_path, toy, book).source == BAD.encode()


def test_deleted(tmp_path: Path, toy: Course) -> None:
    book = answered(toy, double=GOOD)
    book["cells"] = [c for c in book["cells"] if c is not cell_of(book, "double")]
    found = answer(tmp_path, toy, book)
    assert found.verdict is Verdict.NOT_ATTEMPTED and "double" in found.message
    book["cells"] = []
    assert answer(tmp_path, toy, book).verdict is Verdict.NOT_ATTEMPTED


def test_emptied(tmp_path: Path, toy: Course) -> None:
    found = answer(tmp_path, toy, answered(toy, double="\n"))
    assert found.verdict is Verdict.NOT_ATTEMPTED and "empty" in found.message


def test_the_last_of_two_copies_counts(tmp_path: Path, toy: Course) -> None:
    book = answered(toy, double=BAD)
    again = copy.deepcopy(cell_of(book, "double"))
    again["source"] = GOOD
    book["cells"].append(again)
    found = answer(tmp_path, toy, book)
    assert found.source == GOOD.encode() and "2 different cells" in found.note


@pytest.mark.parametrize("other_first", [True, False])
def test_a_copy_left_as_a_stub_does_not_count(
    tmp_path: Path, toy: Course, other_first: bool
) -> None:
    book = released(toy)
    again = copy.deepcopy(cell_of(book, "double"))
    again["source"] = GOOD
    book["cells"].insert(0 if other_first else len(book["cells"]), again)
    found = answer(tmp_path, toy, book)
    assert found.source == GOOD.encode() and not found.note


def test_reordered(tmp_path: Path, toy: Course) -> None:
    book = answered(toy, double=GOOD, stack=STACK)
    book["cells"].reverse()
    assert answer(tmp_path, toy, book).source == GOOD.encode()
    assert answer(tmp_path, toy, book, "stack").source == STACK.encode()


def test_metadata_lost(tmp_path: Path, toy: Course) -> None:
    book = answered(toy, double=GOOD, stack=STACK)
    for cell in book["cells"]:
        cell["metadata"] = {"id": "Zx81", "colab": {"base_uri": "x"}}
    found = answer(tmp_path, toy, book)
    assert found.source == GOOD.encode() and "by its name" in found.note
    assert answer(tmp_path, toy, book, "stack").source == STACK.encode()


def test_written_into_a_cell_of_ones_own(tmp_path: Path, toy: Course) -> None:
    book = released(toy)
    book["cells"].append(code(GOOD))
    found = answer(tmp_path, toy, book)
    assert found.source == GOOD.encode() and "without its id" in found.note


def test_merged(tmp_path: Path, toy: Course) -> None:
    book = released(toy)
    merged = cell_of(book, "double")
    merged["source"] = (
        f"from __future__ import annotations\n{GOOD}\nfrom __future__ import annotations\n{STACK}"
    )
    book["cells"] = [c for c in book["cells"] if c is not cell_of(book, "stack")]
    names = run(answer(tmp_path, toy, book))
    assert names["double"](4) == 8
    assert "Stack" in run(answer(tmp_path, toy, book, "stack"))


@pytest.mark.parametrize("keeps_id", [True, False])
@pytest.mark.parametrize(
    "parts",
    [
        ["import math\n", "def double(x):\n    return math.fsum([x, x])\n"],
        ["def double(x):\n    '''Twice.'''", "    return 2 * x"],
        ["def double(x):", "    return 2 * x"],
        ["def double(x):\n    y = x\n", "    z = y\n", "    return y + z\n"],
        ["def double(x):\n    return (x", "+ x)"],
    ],
)
def test_split(tmp_path: Path, toy: Course, parts: list[str], keeps_id: bool) -> None:
    book = released(toy)
    cell = cell_of(book, "double")
    at = book["cells"].index(cell)
    made = [copy.deepcopy(cell) if keeps_id else code(text) for text in parts]
    for one, text in zip(made, parts, strict=True):
        one["source"] = text
    if not keeps_id:
        made[0]["metadata"] = cell["metadata"]
    book["cells"][at : at + 1] = made
    assert run(answer(tmp_path, toy, book))["double"](4) == 8


@pytest.mark.parametrize(
    ("kind", "text"), [("markdown", f"My answer:\n\n```python\n{GOOD}```\n"), ("raw", GOOD)]
)
def test_retyped(tmp_path: Path, toy: Course, kind: str, text: str) -> None:
    book = released(toy)
    cell = cell_of(book, "double")
    cell |= {"cell_type": kind, "source": text}
    del cell["outputs"], cell["execution_count"]
    assert run(answer(tmp_path, toy, book))["double"](4) == 8


@pytest.mark.parametrize(
    "text",
    [
        "%matplotlib inline\n!pip install numpy\n{good}",
        "%%time\n{good}",
        "%%check double --save\n{good}",
        "%%writefile double.py\n{good}",
        "def double(x):\n    !echo hi\n    %timeit 1\n    return 2 * x\n",
        "files = !ls\n{good}double?\n?double\n",
        "{good}await asyncio.sleep(0)\ndisplay(double(2))\nget_ipython().system('ls')",
        "{good}async for x in y:\n    print(x)\n",
        "def double(x):\n    '''\n%time\n!ls\n'''\n    return 2 * x\n",
    ],
)
def test_magics_and_shell_lines(tmp_path: Path, toy: Course, text: str) -> None:
    found = answer(tmp_path, toy, answered(toy, double=text.replace("{good}", GOOD)))
    names = run(found)
    assert names["double"](4) == 8
    if "'''" in text:
        assert names["double"].__doc__ == "\n%time\n!ls\n"


def test_another_language(tmp_path: Path, toy: Course) -> None:
    found = answer(tmp_path, toy, answered(toy, double="%%bash\nrm -rf /\n"))
    assert run(found).get("double") is None


def test_what_it_leans_on_is_taken_along(tmp_path: Path, toy: Course) -> None:
    book = answered(
        toy, double="from __future__ import annotations\n\ndef double(x):\n    return twice(x)\n"
    )
    book["cells"].insert(0, code("import math\nimport operator as op\nprint('not me')\nUNUSED = 1"))
    book["cells"].insert(
        1, code("%time\nfrom functools import *\nTWO = 2\ndef twice(x):\n    return -1")
    )
    book["cells"].insert(2, code("@lru_cache\ndef twice(x):\n    return op.mul(TWO, x)"))
    found = answer(tmp_path, toy, book)
    names = run(found)
    assert names["double"](4) == 8
    assert "UNUSED" not in names and b"not me" not in (found.source or b"")
    assert "twice" in found.note


def test_a_helper_below_and_in_try(tmp_path: Path, toy: Course) -> None:
    book = answered(toy, double="def double(x):\n    return helper(x) + zero\n")
    book["cells"].insert(
        0, code("try:\n    from fast import zero\nexcept ImportError:\n    zero = 0\n")
    )
    book["cells"].append(code("def helper(x):\n    return x * 2\n"))
    assert run(answer(tmp_path, toy, book))["double"](4) == 8


def test_by_signature(tmp_path: Path, toy: Course) -> None:
    from autograder.ingest.notebooks import answers
    from autograder.ingest.notebooks.reading import Cell

    want = answers.wanted("area", "def area(width, height): ...\n")
    cells = [Cell("code", "x = 1"), Cell("code", "def Area(width, height):\n    return 1\n")]
    found = answers.find(cells, want)
    assert found is not None and found.cells == (1,) and "signature" in found.note


def test_what_cannot_be_parsed_is_graded_as_it_stands(tmp_path: Path, toy: Course) -> None:
    for text in ("def double(x:\n    return", "-" * 200_000 + "1", "(" * 5000, "x = 1\n" * 200_000):
        found = answer(tmp_path, toy, answered(toy, double=text))
        assert found.verdict is Verdict.REJECTED or found.source is not None
    found = answer(tmp_path, toy, answered(toy, double="a\0b"))
    assert found.verdict is Verdict.REJECTED and "zero bytes" in found.message


# -- which notebook -----------------------------------------------------------------------------


def test_renamed_copied_and_loose(tmp_path: Path, toy: Course) -> None:
    book = answered(toy, double=GOOD)
    names = [
        "ann/basics/Homework 1.ipynb",
        "bob/Copy of basics.ipynb",
        "cem/basics-Copy1.ipynb",
        "dan/deep/in/a/folder/final.ipynb",
        "fay_basics.ipynb",
        "gus.ipynb",
    ]
    for name in names:
        save(book, tmp_path / "class" / name)
    found = collect(tmp_path / "class", toy, toy.exercises)
    assert [s.student for s in found] == ["ann", "bob", "cem", "dan", "fay", "gus"]
    assert {s.answers["double"].source for s in found} == {GOOD.encode()}
    assert "expected basics/basics.ipynb" in found[3].answers["double"].note


def test_one_notebook_as_a_submission(tmp_path: Path, toy: Course) -> None:
    book = answered(toy, double=GOOD)
    path = save(book, tmp_path / "submitted" / "ann" / "basics" / "basics.ipynb")
    (found,) = collect(path, toy, toy.exercises)
    assert found.student == "ann" and found.answers["double"].source == GOOD.encode()


def test_an_nbgrader_course_folder(tmp_path: Path, toy: Course) -> None:
    (tmp_path / "nbgrader_config.py").write_text("")
    save(answered(toy, double=GOOD), tmp_path / "submitted" / "ann" / "basics" / "basics.ipynb")
    assert [s.student for s in collect(tmp_path, toy, toy.exercises)] == ["ann"]


def test_different_answers_are_not_guessed_between(tmp_path: Path, toy: Course) -> None:
    root = tmp_path / "class" / "ann"
    save(answered(toy, double=GOOD), root / "basics" / "basics.ipynb")
    (root / "double.py").write_text(BAD)
    (found,) = collect(root.parent, toy, toy.exercises)
    assert found.answers["double"].verdict is Verdict.REJECTED
    assert "two different answers" in found.answers["double"].message
    (root / "double.py").write_bytes(toy.stub(toy.exercise("double")).read_bytes())
    (found,) = collect(root.parent, toy, toy.exercises)
    assert found.answers["double"].source == GOOD.encode()
    (root / "double.py").unlink()
    save(answered(toy, double=BAD), root / "basics" / "basics (1).ipynb")
    (found,) = collect(root.parent, toy, toy.exercises)
    assert found.answers["double"].source == GOOD.encode()
    assert "basics (1).ipynb holds another answer" in found.answers["double"].note
    (root / "basics" / "basics.ipynb").rename(root / "basics" / "basics (2).ipynb")
    (found,) = collect(root.parent, toy, toy.exercises)
    assert "differently" in found.answers["double"].message


def test_truncated_beside_a_whole_one(tmp_path: Path, toy: Course) -> None:
    root = tmp_path / "class" / "ann" / "basics"
    path = save(answered(toy, double=GOOD), root / "basics.ipynb")
    path.write_text(path.read_text()[:900])
    (found,) = collect(tmp_path / "class", toy, toy.exercises)
    broken = found.answers["double"]
    assert broken.verdict is Verdict.REJECTED
    assert broken.message.startswith("basics/basics.ipynb is cut off")
    save(answered(toy, double=GOOD), root / "basics (1).ipynb")
    (found,) = collect(tmp_path / "class", toy, toy.exercises)
    assert found.answers["double"].source == GOOD.encode()


def test_links(tmp_path: Path, toy: Course) -> None:
    secret = save(answered(toy, double=GOOD), tmp_path / "secret.ipynb")
    (tmp_path / "class" / "ann").mkdir(parents=True)
    (tmp_path / "class" / "ann" / "basics.ipynb").symlink_to(secret)
    (found,) = collect(tmp_path / "class", toy, toy.exercises)
    assert found.answers["double"].verdict is Verdict.REJECTED


def test_in_a_zip(tmp_path: Path, toy: Course) -> None:
    import zipfile

    path = save(answered(toy, double=GOOD), tmp_path / "a.ipynb")
    (tmp_path / "class").mkdir()
    with zipfile.ZipFile(tmp_path / "class" / "ann.zip", "w") as archive:
        archive.write(path, "work/basics/basics.ipynb")
        archive.writestr("work/.ipynb_checkpoints/basics-checkpoint.ipynb", "{")
    (found,) = collect(tmp_path / "class", toy, toy.exercises)
    assert found.answers["double"].source == GOOD.encode()
