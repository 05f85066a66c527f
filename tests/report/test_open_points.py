"""A fault of ours costs nobody: its points are open, wherever points are shown, and it is named
once."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from autograder.kata.checking import Checked
from autograder.kata.lines import lines
from autograder.model import CheckResult, Result, Verdict, overall
from autograder.outline import Course
from autograder.report.cell_output import feedback
from autograder.report.faults import fault_lines, grouped
from autograder.report.feedback import RunInfo, render
from autograder.report.grades import write_grades
from autograder.report.jsonl import read_jsonl, write_jsonl
from autograder.report.terminal import results_table, summary_lines
from autograder.text.numbers import points, sums

CAUSE = "test_stack.py:41: AssertionError: `assert seen == [3]`"


def check(name: str, verdict: Verdict, most: float, message: str = "") -> CheckResult:
    earned = most if verdict is Verdict.PASSED else 0.0
    return CheckResult(name, f"Title of {name}.", verdict, earned, most, True, message)


@pytest.fixture
def faulted() -> Result:
    """Everything right, and one check of 1.25 points that failed by itself."""
    checks = (
        *(check(f"test_{n}", Verdict.PASSED, 1.25) for n in range(7)),
        check("test_last", Verdict.GRADER_FAULT, 1.25, CAUSE),
    )
    return Result("ann", "stack", "s", checks, 10.0, overall(checks, untouched=False))


def table(results: list[Result], course: Course, width: int = 100) -> str:
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    with console.file:
        console.print(results_table(results, course, width))
        return console.export_text()


def test_everywhere_the_same(faulted: Result, toy: Course, tmp_path: Path) -> None:
    assert (faulted.points, faulted.max_points, faulted.open_points) == (8.75, 8.75, 1.25)
    write_jsonl(tmp_path / "results.jsonl", [faulted])
    (read,) = read_jsonl(tmp_path / "results.jsonl")
    assert read == faulted and '"open_points": 1.25' in (tmp_path / "results.jsonl").read_text()
    write_grades(tmp_path / "grades.csv", [faulted], toy)
    with (tmp_path / "grades.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert [row[k] for k in ("stack", "total", "max", "open", "faults")] == [
        "8.75",
        "8.75",
        "8.75",
        "1.25",
        "1",
    ]
    page = render("ann", [faulted], toy, RunInfo("Toy", "today"))
    assert (
        "<strong>8.75</strong> of 8.75 points" in page
        and "8.75 of 8.75: 7 of 7 checks passed" in page
    )
    assert "1.25 more points are open" in page and "Graded in part" in page
    assert "AssertionError" not in page
    shown = table([faulted], toy)
    assert "8.75!" in shown and "8.75/8.75" in shown
    assert summary_lines([faulted])[1].startswith("1.25 points are open (!)")
    assert feedback(faulted).startswith("8.75 of 8.75 points; 1.25 more open\n")
    assert "Title of test_last. (1.25 open)" in feedback(faulted)
    said = [line.text for line in lines(Checked(toy.exercise("stack"), "stack.py", faulted))]
    assert "7 of 7 checks that can run here passed." in said
    assert "1 check not counted: the grader failed there, see above." in said


def test_an_exercise_that_could_not_be_graded_at_all(toy: Course, tmp_path: Path) -> None:
    whole = Result("ann", "stack", "s", (), 10.0, Verdict.GRADER_FAULT, "the judge ended: log")
    passed = replace(
        whole,
        exercise="double",
        verdict=Verdict.PASSED,
        message="",
        checks=(check("a", Verdict.PASSED, 4.0),),
        worth=4.0,
    )
    assert (whole.points, whole.max_points, whole.open_points) == (0, 0, 10)
    assert Result.from_dict(whole.as_dict()) == whole
    write_grades(tmp_path / "grades.csv", [whole, passed], toy)
    with (tmp_path / "grades.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["stack"], row["total"], row["max"], row["open"]) == ("", "4", "4", "10")
    page = render("ann", [whole, passed], toy, RunInfo("Toy", "today"))
    assert "10 points open: our fault" in page and "0 of 0" not in page
    assert "FAULT" in table([whole, passed], toy) and "4/4" in table([whole, passed], toy)
    assert feedback(whole).startswith("10 points open\n")


def test_a_fault_is_said_once(faulted: Result) -> None:
    other = replace(faulted.checks[-1], message=CAUSE.replace("[3]", "[4]"))
    ann, bob = faulted, replace(faulted, student="bob", checks=(*faulted.checks[:-1], other))
    elsewhere = replace(other, message="test_stack.py:7: KeyError: 'a'")
    cy = replace(faulted, student="cy", checks=(*faulted.checks[:-1], elsewhere))
    assert fault_lines([ann, bob, cy]) == [
        f"GRADER FAULT test_last in {CAUSE} (2 students)",
        "GRADER FAULT test_last in test_stack.py:7: KeyError: 'a' (1 student: cy)",
        "2 grader faults in 3 answers: 3.75 points are open and cost no student anything.",
    ]
    assert fault_lines([ann])[1].startswith("1 grader fault in 1 answer: 1.25 points are open")
    log = "the judge ended: Traceback (most recent call last):\n  File\nImportError: no torch"
    died = Result("ann", "stack", "s", (), 10.0, Verdict.GRADER_FAULT, log)
    many = [replace(died, student=s, exercise=e) for s in "abc" for e in ("double", "stack")]
    (fault,) = grouped(many)
    assert fault.line() == (
        "GRADER FAULT double, stack: the judge ended: Traceback (most recent call last): … "
        "ImportError: no torch (3 students)"
    )
    assert fault_lines([]) == []


@pytest.mark.parametrize(
    ("verdicts", "untouched", "whole"),
    [
        ("PASSED", False, "PASSED"),
        ("PASSED NOT_ATTEMPTED", False, "PARTLY"),
        ("PASSED RAISED TIMED_OUT CRASHED", False, "PARTLY"),
        ("PASSED DEFERRED FAILED", False, "PARTLY"),
        ("PASSED DEFERRED", False, "DEFERRED"),
        ("PASSED GRADER_FAULT FAILED", False, "GRADER_FAULT"),
        ("NOT_ATTEMPTED", True, "NOT_ATTEMPTED"),
        ("NOT_ATTEMPTED", False, "FAILED"),  # one method is written, which no check reaches
        ("NOT_ATTEMPTED DEFERRED", False, "FAILED"),
        ("NOT_ATTEMPTED FAILED RAISED", False, "RAISED"),
    ],
)
def test_the_verdict_of_an_exercise(verdicts: str, untouched: bool, whole: str) -> None:
    checks = tuple(check(v, Verdict[v], 1.0) for v in verdicts.split())
    assert overall(checks, untouched=untouched) is Verdict[whole]


def test_partly_right_is_partly_there_on_the_page_and_in_the_table(toy: Course) -> None:
    checks = (check("a", Verdict.PASSED, 1.0), check("b", Verdict.NOT_ATTEMPTED, 3.0))
    half = Result("ann", "double", "s", checks, 4.0, overall(checks, untouched=False))
    page = render("ann", [half], toy, RunInfo("Toy", "today"))
    assert "1 partly there" in page and "1 of 4: 1 of 2 checks passed" in page
    assert "double" in table([half], toy) and "1/4" in table([half], toy)


def test_points_are_shown_in_one_way(toy: Course) -> None:
    assert [points(v) for v in (66.75, 1e6, 4, 0.5, 1 / 3, -0.0, 1234567.891)] == [
        "66.75",
        "1000000",
        "4",
        "0.5",
        "0.33",
        "0",
        "1234567.89",
    ]
    third = Result(
        "ann", "double", "s", (check("a", Verdict.PASSED, 10 / 3),), 10 / 3, Verdict.PASSED
    )
    several = [replace(third, exercise=e) for e in ("double", "stack", "primes")]
    assert sums(several).points == 9.99  # what is shown adds up: 3.33 three times
    assert "9.99/" in table(several, toy)
