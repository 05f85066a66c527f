"""The table of clauses: contract, checks and specimens as one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder import clauses, outline
from autograder.authoring import completeness, contract_page, contract_table
from autograder.authoring.audit import judge_run
from autograder.authoring.specimens import Specimen
from autograder.kata.checking import Checked
from autograder.kata.lines import lines
from autograder.model import CheckResult, Result, Verdict
from autograder.outline import Course
from autograder.report.feedback import RunInfo, render

GOOD = """
point = ["twice"]

[clauses.twice]
says = "Twice ``x``."
checks = ["test_two", "test_any"]
broken_by = ["wrong_float", "wrong_square", "wrong_triple"]
"""


@pytest.fixture
def course(tmp_path: Path, toy: Course) -> Course:
    return outline.load(Path(shutil.copytree(toy.root, tmp_path / "course")))


def problems(course: Course, text: str) -> str:
    """What is said of the table ``text`` of `double`."""
    double = course.exercise("double")
    clauses.path(course, double).write_text(text, encoding="utf-8")
    clauses._read.cache_clear()
    return "\n".join(contract_table.problems(course, double))


def test_a_whole_table_lacks_nothing(course: Course) -> None:
    assert problems(course, GOOD) == ""
    assert not [w for w in completeness.missing(course, course.exercise("double")) if ".toml" in w]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Twice ``x``.", "Three times ``x``.", "the contract does not say"),
        ("Twice ``x``.", "Twice", "in no clause: '``x``.'"),
        ('"test_two", ', "", "test_two judges no clause"),
        ("test_two", "test_three", "there is no check test_three"),
        ('["test_two", "test_any"]', "[]", "no check judges it"),
        ("wrong_triple", "wrong_fourfold", "there is no specimen wrong_fourfold.py"),
        (', "wrong_triple"', "", "wrong_triple.py breaks no clause"),
        ('point = ["twice"]', "", "name the clauses that the exercise is about"),
        ('point = ["twice"]', 'point = ["thrice"]', "there is no clause 'thrice'"),
        ('["twice"]', '["twice"]\nrare = ["wrong_x"]', "'wrong_x' breaks no clause of `point`"),
        ("says", "say", "needs says"),
        ("checks =", "check =", "'check' is not one of"),
        ('["twice"]', '"twice"', "must be a list of texts"),
        ('["twice"]', "[", "double.toml"),
    ],
)
def test_each_gap_is_said(course: Course, old: str, new: str, words: str) -> None:
    assert old in GOOD and words in problems(course, GOOD.replace(old, new))


def test_a_clause_needs_a_specimen_that_breaks_it_alone(course: Course) -> None:
    said = problems(
        course,
        'point = ["twice"]\n[clauses.twice]\nsays = "Twice"\nchecks = ["test_two"]\n'
        'broken_by = ["wrong_float", "wrong_square", "wrong_triple"]\n'
        '[clauses.x]\nsays = "``x``."\nchecks = ["test_any"]\nbroken_by = ["wrong_float"]\n',
    )
    assert "[clauses.x] no wrong specimen breaks it alone" in said
    assert "[clauses.twice] no wrong specimen" not in said


def test_a_specimen_is_made_for_a_check_of_its_clause(course: Course) -> None:
    said = problems(
        course,
        'point = ["twice"]\n[clauses.twice]\nsays = "Twice ``x``."\nchecks = ["test_two"]\n'
        'broken_by = ["wrong_float", "wrong_square", "wrong_triple"]\n',
    )
    assert "is made for test_any, which is not among the checks of [clauses.twice]" in said


def test_examples_are_not_part_of_a_contract() -> None:
    examples = ">>> f()\n    1\n    >>> f()\n    2\n\n    Two.\n\n    >>> f()\n    3\n    "
    stub = f'def f():\n    """One.\n\n    {examples}"""\n'
    assert clauses.contract_text(stub) == "One. Two."


def test_an_answer_that_misses_the_point_earns_less_than_half() -> None:
    checks = tuple(
        CheckResult(name, name, verdict, points, 1, False, "So it is.")
        for name, points, verdict in [("a", 1.0, Verdict.PASSED), ("b", 0.0, Verdict.FAILED)]
    )
    result = Result("s", "double", "seed", checks, 2, Verdict.PARTLY, "")
    missing = Specimen("wrong_x", b"", "loses", "b", misses_the_point=True)
    (problem,) = judge_run(missing, result)
    assert "earns 1 of 2 points" in problem
    assert judge_run(Specimen("wrong_x", b"", "loses", "b"), result) == []


def test_what_breaks_the_point_in_rare_cases_only_may_earn_more(course: Course) -> None:
    assert problems(course, GOOD.replace("[clauses", 'rare = ["wrong_float"]\n[clauses', 1)) == ""
    table = clauses.load(course, course.exercise("double"))
    assert table is not None and table.breaks_point("wrong_float")
    assert not table.misses_the_point("wrong_float") and table.misses_the_point("wrong_triple")


def _failed() -> Result:
    check = CheckResult("test_two", "Two.", Verdict.FAILED, 0, 1, True, "It gave 5.", "Add.")
    other = CheckResult("test_any", "Any.", Verdict.PASSED, 3, 3, False)
    return Result("ann", "double", "seed", (check, other), 4, Verdict.PARTLY, "")


def test_a_failed_check_says_what_the_contract_says(toy: Course) -> None:
    page = render("ann", [_failed()], toy, RunInfo("Toys", "today"))
    assert page.count("The contract says:") == 1 and "Twice <code>x</code>." in page
    contract = {"test_two": clauses.sentences(toy, "double", "test_two")}
    checked = Checked(toy.exercise("double"), "double.py", _failed(), contract=contract)
    said = [line.text for line in lines(checked)]
    assert said.count("The contract says: Twice `x`.") == 1


@pytest.mark.parametrize("damage", [b"[", b"\xff", b"[clauses.x]\nsays = 3\n"])
def test_a_damaged_table_costs_no_student_a_page(course: Course, damage: bytes) -> None:
    clauses.path(course, course.exercise("double")).write_bytes(damage)
    clauses._read.cache_clear()
    page = render("ann", [_failed()], course, RunInfo("Toys", "today"))
    assert "It gave 5." in page and "The contract says" not in page
    (problem,) = contract_table.problems(course, course.exercise("double"))
    assert "double.toml" in problem


def test_a_class_gets_the_clauses_of_public_checks(toy: Course, tmp_path: Path) -> None:
    table = clauses.load(toy, toy.exercise("double"))
    assert table is not None
    text = clauses.for_students(table, ["test_two"])
    assert "test_two" in text and "test_any" not in text and "wrong" not in text
    (tmp_path / "double.toml").write_text(text, encoding="utf-8")
    read = clauses._read(tmp_path / "double.toml")
    assert read is not None and read.judged_by("test_two")[0].says == "Twice ``x``."


def test_the_page_shows_each_clause(toy: Course) -> None:
    page = contract_page.page(toy)
    assert "| **twice** | Twice `x`. | `test_two`, `test_any` |" in page
