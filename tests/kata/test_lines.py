"""What is said of a check, without running one."""

from __future__ import annotations

import io
import re

import pytest

from autograder.judging.measured import Measured
from autograder.kata.checking import Checked
from autograder.kata.lines import Line, lines, steps
from autograder.kata.measures import measured
from autograder.kata.terminal import Screen
from autograder.model import NOT_DEFINED, NOT_RUN, CheckResult, Result, Verdict
from autograder.outline import Course


def check(name: str, verdict: Verdict, message: str = "", *, public: bool = False) -> CheckResult:
    return CheckResult(name, f"Title {name}.", verdict, 0.0, 1.0, public, message)


def said(toy: Course, *checks: CheckResult) -> list[str]:
    result = Result("you", "double", "s", checks, 4.0, Verdict.PARTLY)
    return [line.text for line in lines(Checked(toy.exercise("double"), "double.py", result))]


def test_hidden_checks_are_marked_beside_public_ones(toy: Course) -> None:
    shown = said(toy, check("a", Verdict.PASSED, public=True), check("b", Verdict.PASSED))
    assert "Title a." in shown and "Title b. (hidden)" in shown
    assert "Title b." in said(toy, check("b", Verdict.PASSED), check("c", Verdict.PASSED))


def test_a_missing_name_is_all_that_is_said(toy: Course) -> None:
    message = f"`double` {NOT_DEFINED} your double.py."
    shown = said(toy, *(check(name, Verdict.FAILED, message) for name in "abc"))
    assert shown[2] == message and not any("Title" in text for text in shown)
    shown = said(toy, check("a", Verdict.PASSED), check("b", Verdict.FAILED, message))
    assert shown[2:5] == ["Title b.", message, "Title a."]


def test_a_timeout_names_its_check_and_counts_the_others(toy: Course) -> None:
    hung = check("a", Verdict.TIMED_OUT, "Timed out after 2 s. It was at this line:\n  line 3: x")
    rest = [check(n, Verdict.TIMED_OUT, f"{NOT_RUN}: 1 check before it timed out.") for n in "bc"]
    shown = said(toy, hung, *rest)
    assert "Title a." in shown and "2 other checks were not run." in shown
    assert not any(NOT_RUN in text for text in shown)


def test_the_same_exception_is_shown_once(toy: Course) -> None:
    message = "Your code raised: KeyError: 3\n  line 2 in double: x"
    shown = said(
        toy, check("p", Verdict.PASSED), *(check(n, Verdict.RAISED, message) for n in "ab")
    )
    assert shown.count("  line 2 in double: x") == 1 and "The same in 1 other check." in shown


def test_a_ratio_has_the_unit_of_its_limit() -> None:
    slow = Measured("speed", ("student", "baseline"), 0.0169, 0.01, 1.69, at_most=0.25)
    (in_time,) = measured([slow])
    assert in_time == "Time 16.9 ms, the comparison 10 ms: 1.69x (limit 0.25x)"
    (in_speed,) = measured([slow], as_fast=True)
    assert in_speed.endswith("0.6 times as fast (limit: at least 4 times)")


@pytest.mark.parametrize("columns", [50, 80, 160])
def test_columns_stay_columns_where_lines_are_wrapped(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    row = Line("open", f"{'one':20}A title that is long, and longer · 25 min", "new", 1, True, 20)
    long = Line(
        "message", f"The value is 200 000 in {'x' * 22} or 200 000 in all, as it was before"
    )
    for line in (*steps((f"kata watch {'x' * 14}", "check whenever you save")), row, long):
        first, *others = Screen(stream=io.StringIO()).format(line).split("\n")
        assert max(map(len, (first, *others))) <= columns
        if line.column:
            at = first.index("check" if line.kind == "next" else "A title")
            assert all(other[:at].isspace() and other[at] != " " for other in others)
        whole = "\n".join((first, *others))
        assert ("25 min" in whole or "200 000" in whole) or line.kind == "next"
        assert not re.search(r"200$|25$|·$", whole, re.MULTILINE)


@pytest.mark.parametrize("columns", [38, 50, 80])
def test_a_command_is_in_one_line(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for filler in range(0, 30, 3):
        text = f"{'word ' * filler}`kata reset count_up` brings the stub back"
        shown = Screen(stream=io.StringIO()).format(Line("message", text))
        assert "`kata reset count_up`" in shown and "\0" not in shown


def test_a_path_is_broken_after_a_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    shown = Screen(stream=io.StringIO()).format(
        Line("quiet", "exercises/ch02_iterators_generators/running_mean.py")
    )
    assert shown == "exercises/ch02_iterators_generators/\nrunning_mean.py"
    words = Screen(stream=io.StringIO()).format(Line("message", f"a {'x' * 120} b", level=1))
    assert max(map(len, words.split("\n"))) == 50 and words.replace("\n", "").count("x") == 120
