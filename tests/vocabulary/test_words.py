"""Every word of the vocabulary: closed, documented, and known to whoever must know it."""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
import types
from pathlib import Path
from typing import Any

import pytest

from autograder.judging import hiding, observations, vocabulary
from autograder.judging.hiding import Hiding
from autograder.judging.observations import NotClosed, assignable, company, open_observations
from autograder.judging.vocabulary import counted as word_counted
from autograder.judging.vocabulary import error_of, replaced
from tests.vocabulary_tools import sandboxed

FOLDER = Path(vocabulary.__file__).parent
SANDBOX = [n for n in vocabulary.__all__ if observations.is_word(getattr(vocabulary, n))]
FUNCTIONS = [n for n in vocabulary.__all__ if callable(getattr(vocabulary, n))]


@pytest.mark.parametrize("name", SANDBOX)
def test_sandbox_words_are_closed_and_travel(name: str) -> None:
    assert callable(sandboxed(getattr(vocabulary, name)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_word_has_an_example_that_is_python(name: str) -> None:
    word = getattr(vocabulary, name)
    if name in ("same", "difference", "Refusal"):
        return  # the engine's own; and a part of expect_refusals
    text = inspect.getdoc(word) or ""
    _, found, example = text.partition("Example::\n")
    assert found, f"{name} has no example"
    code = textwrap.dedent(example)
    indented = (
        code if "await" not in code else "async def example():\n" + textwrap.indent(code, " ")
    )
    indented = indented.replace("return ", "value = ") if "await" not in code else indented
    ast.parse(indented)


def test_names_say_where_a_word_runs() -> None:
    judge = {"read", "read_paced", "matches", "kind_of", "same", "difference", "Refusal"}
    judge.add("beside_server")
    for name in FUNCTIONS:
        in_judge = name in judge or name.startswith("expect_")
        assert in_judge != (name in SANDBOX), name


def test_the_guide_names_every_word() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    assert [name for name in vocabulary.__all__ if name not in guide] == []


def test_modules_are_small_and_docstrings_there() -> None:
    for path in FOLDER.glob("*.py"):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


# -- what comes along ------------------------------------------------------------------------


def _observation(text: str, **names: Any) -> types.FunctionType:
    space: dict[str, Any] = {"__builtins__": __builtins__, **names}
    exec(text, space)
    seen: types.FunctionType = space["seen"]
    return seen


def test_words_come_along_with_their_words() -> None:
    seen = _observation(
        "def seen(module):\n    return error_of(module.f, 'ValueError')\n", error_of=error_of
    )
    assert [f.__name__ for f in company(seen)] == ["error_of", "kinds_of"]
    assert [f.__name__ for f in company(seen, [error_of])] == ["error_of", "kinds_of"]


def test_two_functions_of_one_name_are_refused() -> None:
    def kinds_of(error: object) -> None:
        """A grader's own."""

    seen = _observation("def seen(module):\n    return error_of(module.f)\n", error_of=error_of)
    with pytest.raises(NotClosed, match="kinds_of"):
        company(seen, [kinds_of])
    other = _observation("def seen(module):\n    return seen()\n")
    with pytest.raises(NotClosed, match="seen"):
        company(other, [_observation("def seen(module):\n    pass\n")])


def test_renamed_words_are_refused() -> None:
    seen = _observation("def seen(module):\n    return source([])\n", source=word_counted)
    with pytest.raises(NotClosed, match="counted"):
        company(seen)


def test_a_free_variable_is_no_word() -> None:
    counted = 3

    def seen(module: Any) -> Any:
        return counted

    assert company(seen) == ()
    with pytest.raises(NotClosed, match="counted"):
        observations.pack(seen)


def test_a_grader_may_use_words_and_no_others(tmp_path: Path) -> None:
    path = tmp_path / "test_x.py"
    path.write_text(
        "from autograder.judging.vocabulary import counted, read\n"
        "from autograder.judging.vocabulary.leftovers import threads\n"
        "def test_a(student):\n"
        "    @student.observe()\n"
        "    def fine(module):\n"
        "        return [counted([]), threads()]\n"
        "    @student.observe()\n"
        "    def wrong(module):\n"
        "        return read(module.f(), int)\n"
    )
    (problem,) = open_observations(path)
    assert "wrong" in problem and "read" in problem and "counted" not in problem


# -- what a word may assign ------------------------------------------------------------------


def test_words_assign_nothing_of_pythons_unless_they_say_so() -> None:
    quiet = [n for n in SANDBOX if n not in ("fake_cuda", "replaced")]
    for name in quiet:
        word = getattr(vocabulary, name)
        assert assignable([word, *company(word)]) == [], name


def test_replaced_assigns_what_the_observation_names() -> None:
    seen = _observation(
        "def seen(module, naps=None):\n"
        "    with replaced(module, {'time.sleep': max}):\n"
        "        return module.f('a text')\n",
        replaced=replaced,
    )
    assert assignable([seen, *company(seen)]) == ["sleep"]
    assert assignable([seen]) == []


# -- hiding ----------------------------------------------------------------------------------


@pytest.fixture
def hidden(tmp_path: Path) -> Hiding:
    grader = tmp_path / "test_x.py"
    grader.write_text("WORD = 'of the grader'\n")
    return Hiding((grader,), b"")


def test_texts_of_the_vocabulary_are_known_and_no_others(hidden: Hiding) -> None:
    assert hidden.known("of the grader")
    assert hidden.known("never finished") and hidden.known("own")
    texts = {word for path in FOLDER.parent.glob("*.py") for word in _texts(path)}
    elsewhere = {t for t in texts - hiding._vocabulary() if not hasattr(builtins, t)}
    assert len(elsewhere) > 100
    assert [text for text in elsewhere if hidden.known(text)] == []


def test_docstrings_and_numbers_of_the_vocabulary_are_not_known(hidden: Hiding) -> None:
    assert not any("Example::" in text for text in hiding._vocabulary())
    hidden.heard.append(["2000000"])
    assert "2000000" not in hidden.covered("It gave 2000000.")


def _texts(path: Path) -> set[str]:
    constants = (
        n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Constant)
    )
    return {n.value for n in constants if isinstance(n.value, str) and n.value.isidentifier()}
