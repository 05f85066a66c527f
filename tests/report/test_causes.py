"""One reason is one entry."""

from __future__ import annotations

from autograder.model import NOT_DEFINED, NOT_RUN, CheckResult, Verdict
from autograder.text.causes import causes


def check(
    name: str, message: str = "", verdict: Verdict = Verdict.RAISED, public: bool = False
) -> CheckResult:
    hint = "A hint." if verdict is Verdict.FAILED and NOT_DEFINED not in message else ""
    return CheckResult(name, name, verdict, 0.0, 1.0, public, message, hint)


def test_the_same_exception_in_the_same_line() -> None:
    one = check("a", "Your code raised: ValueError (not shown)\n  line 2: x")
    other = check("b", "Your code raised: ValueError: 3\n  line 2: x", public=True)
    (cause,) = causes([one, other])
    assert cause.first == one and cause.message == other.message
    assert (cause.others, cause.not_run) == (1, 0)
    elsewhere = check("c", "Your code raised: ValueError: 3\n  line 3: x")
    another = check("d", "Your code raised: KeyError: 3\n  line 2: x")
    assert len(causes([one, other, elsewhere, another])) == 3


def test_checks_that_passed_or_wait_stand_alone() -> None:
    quiet = (Verdict.PASSED, Verdict.PASSED, Verdict.DEFERRED, Verdict.DEFERRED)
    assert len(causes([check(str(n), "m", v) for n, v in enumerate(quiet)])) == 4
    assert causes([]) == []


def test_what_was_not_run_belongs_to_what_hung() -> None:
    hung = check("b", "Timed out after 2 s.\n  line 3: while True:", Verdict.TIMED_OUT)
    rest = [check(n, f"{NOT_RUN}: 1 check before it timed out.", Verdict.TIMED_OUT) for n in "cd"]
    passed = check("a", "", Verdict.PASSED)
    first, second = causes([passed, hung, *rest])
    assert (first.first, second.first) == (passed, hung)
    assert (second.others, second.not_run, second.message) == (0, 2, hung.message)


def test_a_missing_name_comes_first() -> None:
    message = f"`f` {NOT_DEFINED} your f.py."
    shown = causes([check("a", "No.", Verdict.FAILED), check("b", message, Verdict.FAILED)])
    assert [cause.first.name for cause in shown] == ["b", "a"]
    assert [cause.missing for cause in shown] == [True, False]
