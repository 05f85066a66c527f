"""A verdict is worded in one place: adding one touches ``model`` and ``text/wording`` only."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator

import pytest

from autograder.environment import PACKAGE
from autograder.model import CheckResult, Verdict, overall
from autograder.outline import Course
from autograder.text.cutting import CHARACTERS, at_the_end, in_the_middle, to_lines
from autograder.text.numbers import out_of, points_are
from autograder.text.wording import WORDING, message_lines, said_by_all
from tests.report import every_screen

OWN = {"model.py", "text/wording.py"}
"""Where verdicts may be listed one by one."""

OUTCOMES = ("judging/", "sandbox/")
"""Where the end of a worker or of a check becomes a verdict."""


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_is_worded(verdict: Verdict) -> None:
    row = WORDING[verdict]
    assert row.mark and row.short and row.long
    assert len(row.cell) <= 9  # the column of an exercise is no wider
    assert row.long[0].isupper() and row.short[0].islower()


@pytest.mark.parametrize("verdict", Verdict)
def test_every_screen_page_and_cell_shows_every_verdict(verdict: Verdict, toy: Course) -> None:
    row = WORDING[verdict]
    shown = every_screen.screens(verdict, toy)
    assert row.long.lower() in shown["page"].lower() and f'"{row.tone}"' in shown["page"]
    assert f"{row.short}: " in shown["plain"]
    assert row.by_mark == (f"{row.short}: " not in shown["colour"])
    assert row.by_mark or row.short in shown["notebook"]
    assert row.cell in shown["table"] and str(verdict) in shown["summary"]
    assert row.mark in shown["cell"] or row.tone == "quiet"
    if row.instead:
        assert row.instead in shown["cell"] and row.instead in shown["page"]
        assert "It was 3." not in shown["cell"] + shown["page"]


@pytest.mark.parametrize(
    "verdict", [v for v in Verdict if v not in (Verdict.PASSED, Verdict.PARTLY)]
)
def test_an_exercise_is_passed_only_where_its_checks_are(verdict: Verdict) -> None:
    check = CheckResult("a", "A.", verdict, 0.0, 2.0, public=True)
    assert overall((check,), untouched=False) is not Verdict.PASSED


def test_a_new_verdict_needs_the_model_and_the_table_only(toy: Course) -> None:
    done = subprocess.run(
        [sys.executable, every_screen.__file__, str(toy.root)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "shown everywhere\n", done.stderr


def _tables(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and kind of what lists verdicts one by one, or compares with their texts."""
    texts = {str(verdict) for verdict in Verdict}
    own = {text for text in texts if " " in text}  # of no other use than as a verdict's
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            keys = [key for key in node.keys if key is not None]
            members = [key for key in keys if ast.unparse(key).startswith("Verdict.")]
            strings = [k for k in keys if isinstance(k, ast.Constant) and k.value in texts]
            if members or len(strings) > 1:
                yield node.lineno, "a table of verdicts"
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            if sum(ast.unparse(e).startswith("Verdict.") for e in node.elts) > 2:
                yield node.lineno, "a list of verdicts"
        elif isinstance(node, ast.Compare):
            sides = (node.left, *node.comparators)
            if any(isinstance(s, ast.Constant) and s.value in own for s in sides):
                yield node.lineno, "a comparison with a verdict's text"
            if any(
                ast.unparse(s).startswith("str(") and "verdict" in ast.unparse(s) for s in sides
            ):
                yield node.lineno, "a comparison of a verdict's text"
        elif isinstance(node, ast.match_case) and ast.unparse(node.pattern).startswith("Verdict."):
            yield node.pattern.lineno, "a case for a verdict"


def test_no_other_module_lists_verdicts() -> None:
    listed = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name in OWN or name.startswith((*OUTCOMES, "graders/", "_course/")):
            continue
        for line, what in _tables(ast.parse(path.read_text(encoding="utf-8"))):
            listed.append(f"{name}:{line}: {what}; use text/wording.py, or a group in model.py")
    assert not listed, "\n".join(listed)


def test_said_once() -> None:
    def check(message: str, *, public: bool, verdict: Verdict = Verdict.RAISED) -> CheckResult:
        return CheckResult("a", "A.", verdict, 0.0, 2.0, public, message)

    public = check("Your code raised: ValueError: 3\n  line 2: x", public=True)
    hidden = check("Your code raised: ValueError\n  line 2: x", public=False)
    assert said_by_all([]) is None and said_by_all([public]) is None
    assert said_by_all([public, public]) == public
    assert said_by_all([public, hidden]) is None
    failed = check(public.message, public=True, verdict=Verdict.FAILED)
    assert said_by_all([public, failed]) is None


def test_one_way_to_cut() -> None:
    assert in_the_middle("a" * 10, 10) == "a" * 10
    assert in_the_middle("abcdefghij", 9) == "abc … hij"
    assert at_the_end("abc", 3) == "abc" and at_the_end("abcd", 3) == "abc …"
    assert to_lines("") == [] and to_lines("1\n2\n3", lines=2) == ["1", "2", "…"]
    assert message_lines("\x1b" + "a" * CHARACTERS)[0].endswith("a …")


def test_one_way_to_write_points() -> None:
    assert out_of(2.50, 4.0) == "2.5/4" and out_of(0, 1, " of ") == "0 of 1"
    assert [points_are(n) for n in (0, 1, 1.25)] == [
        "0 points are",
        "1 point is",
        "1.25 points are",
    ]
