"""A name that the checks need and the answer lacks."""

from __future__ import annotations

import pytest

from autograder.judging import missing
from autograder.model import CheckResult, Verdict

STUB = b"class CountUp:\n    pass\n"


@pytest.mark.parametrize(
    ("source", "like"),
    [
        (b"class Countup: pass", "Countup"),
        (b"def helper(): pass\nclass Counter: pass", "Counter"),
        (b"class A: pass\nclass B: pass", ""),
        (b"def helper(): pass", ""),
        (b"class CountUp(:", ""),
        (b"", ""),
    ],
)
def test_the_likeliest_name(source: bytes, like: str) -> None:
    words = missing.words("CountUp", "count_up", source, STUB)
    assert words.startswith("`CountUp` is not defined in your count_up.py.")
    assert (f"defines `{like}`" in words) if like else ("defines" not in words)


def failed(name: str, verdict: Verdict = Verdict.FAILED) -> CheckResult:
    return CheckResult(name, name, verdict, 0.0, 1.0, False, "It raised AttributeError.", "Hint.")


def test_everything_that_failed_has_the_one_reason() -> None:
    results = [failed("a"), failed("b"), failed("c", Verdict.PASSED)]
    told = missing.attributed(results, {"b": "CountUp"}, "count_up", b"class Countup: pass", STUB)
    assert told[0].message == told[1].message and "`Countup`" in told[0].message
    assert not told[0].hint and told[2] == results[2]
    assert [r.verdict for r in told] == [r.verdict for r in results]


@pytest.mark.parametrize(
    ("reported", "source"),
    [({}, b"class Countup: pass"), ({"b": "no_name_of_the_stub"}, b"class Countup: pass")],
)
def test_other_failures_keep_their_words(reported: dict[str, str], source: bytes) -> None:
    results = [failed("a"), failed("b")]
    assert missing.attributed(results, reported, "count_up", source, STUB) == results


def test_one_of_two_names() -> None:
    stub = b"def one(): pass\ndef two(): pass\n"
    results = [failed("a"), failed("b")]
    told = missing.attributed(results, {"b": "two"}, "pair", b"def one(): pass", stub)
    assert told[0] == results[0] and told[1].message.startswith("`two` is not defined")
