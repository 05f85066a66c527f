"""Gradescope's results.json, made of results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.ingest.accounting import GRADED, NOT_TAKEN, REFUSED, Row
from autograder.model import CheckResult, Result, Verdict, Walls, overall
from autograder.outline import Course
from autograder.report import gradescope
from tests.gradescope_format import problems

UNREADABLE = "Your code could not be loaded: SyntaxError: invalid syntax"


def check(name: str, verdict: Verdict, message: str = "", **more: object) -> CheckResult:
    earned = 2.0 if verdict is Verdict.PASSED else 0.0
    return CheckResult(name, f"Title of {name}.", verdict, earned, 2.0, True, message, **more)  # type: ignore[arg-type]


def result(exercise: str, *checks: CheckResult, walls: Walls = Walls.CONTAINER) -> Result:
    verdict = overall(checks, untouched=False)
    return Result("submission", exercise, "5eed", checks, 2.0 * len(checks), verdict, walls=walls)


@pytest.fixture
def some(toy: Course) -> list[Result]:
    """Out of order: one check of each kind."""
    return [
        result(
            "stack",
            check("a", Verdict.GRADER_FAULT, "test_stack.py:9: SECRET", fault="SECRET"),
            check("b", Verdict.DEFERRED, "Needs a CUDA GPU.", needs=("gpu",)),
            check("c", Verdict.RAISED, f"{UNREADABLE}\n  line 1", hint="Look."),
            check("d", Verdict.RAISED, f"{UNREADABLE}\n  line 1", hint="Look again."),
        ),
        result(
            "double",
            check("a", Verdict.PASSED),
            check("b", Verdict.FAILED, "With 3: it gave back 5.\x1b[31m", hint="Add."),
        ),
        Result("submission", "primes", "", (), 5, Verdict.REJECTED, "primes.py is UTF-16 text."),
    ]


def test_it_is_as_gradescope_asks(some: list[Result], toy: Course, tmp_path: Path) -> None:
    values = gradescope.of_results(some, toy, [], 3.14159)
    gradescope.write(tmp_path / "results.json", values)
    assert json.loads((tmp_path / "results.json").read_text()) == values
    for each in (values, gradescope.of_nothing(toy, ["a.txt"]), gradescope.of_failure()):
        assert problems(each) == []
        assert each["stdout_visibility"] == "hidden"  # it may quote the grader
    assert [test["number"] for test in values["tests"]] == [
        *("1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "3")
    ]
    assert values["tests"][0]["name"] == "double: Title of a."
    assert values["execution_time"] == 3.1


def test_open_points_are_said_and_not_shown_as_lost(some: list[Result], toy: Course) -> None:
    values = gradescope.of_results(some, toy)
    fault, deferred, raised = values["tests"][2:5]
    for test in (fault, deferred):
        assert not {"score", "max_score", "status"} & set(test)
    assert fault["output"].startswith("Our fault: not counted against you.")
    assert deferred["output"] == "Still to be graded.\nNeeds a CUDA GPU."
    assert (raised["score"], raised["max_score"], raised["status"]) == (0.0, 2.0, "failed")
    assert values["score"] == 2.0
    assert values["output"].splitlines()[:3] == [
        "2 of 15 points.",
        "2 points are still to be graded, on another machine, and not lost: Needs a CUDA GPU.",
        "2 points are open: our fault, and not counted against you.",
    ]


def test_nothing_of_a_grader_is_told(some: list[Result], toy: Course) -> None:
    """Neither a fault nor the seed, from which the hidden inputs can be made."""
    text = json.dumps(gradescope.of_results(some, toy))
    assert "SECRET" not in text and "5eed" not in text and "\x1b" not in text


def test_a_reason_is_told_once_and_hints_where_they_help(some: list[Result], toy: Course) -> None:
    tests = gradescope.of_results(some, toy)["tests"]
    assert tests[1]["output"] == "With 3: it gave back 5.\\x1b[31m\nHint: Add."
    assert UNREADABLE in tests[4]["output"] and "Look." not in tests[4]["output"]
    assert tests[5]["output"] == "Your code raised an error, for the same reason as 2.3."
    assert tests[6]["output"] == "Could not be read. primes.py is UTF-16 text."


def test_every_file_is_accounted_for(some: list[Result], toy: Course) -> None:
    rows = [
        Row("double.py", "s", "", "double", "", GRADED, ""),
        Row("primes.py", "s", "", "primes", "", REFUSED, "is UTF-16 text"),
        *(Row(f"{n}\x07.txt", "s", "", "", "", NOT_TAKEN, "its name") for n in range(150)),
    ]
    lines = gradescope.of_results(some, toy, rows)["output"].splitlines()
    assert lines[4:6] == ["151 files not graded:", "  primes.py: is UTF-16 text"]
    assert lines[-1] == "  and 51 more" and "double.py" not in "\n".join(lines[4:])
    assert "\x07" not in "\n".join(lines)


def test_without_an_answer_it_says_what_to_hand_in(toy: Course) -> None:
    output = gradescope.of_nothing(toy, ["notes.txt", "b/x.py"])["output"]
    assert "double.py, stack.py, primes.py, basics.ipynb" in output
    assert "2 files not graded:\n  b/x.py" in output
    assert gradescope.of_nothing(toy, [])["output"].endswith("You handed in no file.")


def test_a_fault_of_the_whole_exercise_is_open(toy: Course) -> None:
    whole = Result("s", "double", "", (), 4, Verdict.GRADER_FAULT, "SECRET in test_double.py")
    values = gradescope.of_results([whole], toy)
    (test,) = values["tests"]
    assert "score" not in test and "SECRET" not in json.dumps(values) and problems(values) == []
    assert values["output"].splitlines()[0] == "0 of 0 points."


def test_what_ran_without_walls_is_said(toy: Course) -> None:
    done = result("double", check("a", Verdict.PASSED), walls=Walls.NONE)
    assert "without the sandbox" in gradescope.of_results([done], toy)["output"]


def test_a_long_text_is_cut(toy: Course) -> None:
    rows = [Row("x" * 190 + str(n), "", "", "", "", NOT_TAKEN, "y" * 299) for n in range(300)]
    assert len(gradescope.of_results([], toy, rows)["output"]) < 61_000
