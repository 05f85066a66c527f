"""Words of the judge: right evidence passes, wrong fails with its message, forged fails cleanly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.judging.outcomes import CheckFailed
from autograder.judging.vocabulary import (
    Refusal,
    expect_all_ended,
    expect_drained,
    expect_in_order,
    expect_method_calls,
    expect_nothing_left,
    expect_peak,
    expect_refusal,
    kind_of,
    matches,
    read,
    read_paced,
)
from autograder.sandbox.inside.wire import Opaque
from tests.vocabulary_tools import FORGED, deep

GOOD: list[tuple[Any, Any]] = [
    (3, int),
    (None, None),
    ("x", str | None),
    (None, str | None),
    ([1, True], [int, bool]),
    ([], list[int]),
    ([1, 2], list[int]),
    ([[1, "a"], [2, "b"]], list[[int, str]]),  # type: ignore[valid-type]
    ([[1], [2]], [list[int]] * 2),
    ({"a": 1}, dict[str, int]),
    ({1, 2}, set[int]),
    ((1, 2), tuple[int, ...]),
    ([1, "x", None], [int, object, object]),
    (np.zeros(2), np.ndarray),
    ([1, None], list[int | None]),
]
BAD: list[tuple[Any, Any, str]] = [
    (True, int, "a bool where an int"),
    (1.0, int, "a float where an int"),
    ((1,), list, "a tuple where a list"),
    ([1, 2], [int], "a list of 2 where one of 1 belongs"),
    ([1, "a"], list[int], "a str where an int"),
    ([1, None], [int, int], "None where an int"),
    ({"a": "b"}, dict[str, int], "a str where an int"),
    (Opaque("mine.Secret"), int, "an object where an int"),
    (np.zeros(2), list, "an array where a list"),
    (3, str | None, "an int where a str or None"),
    (0, None, "an int where None"),
    (None, [int, int], "None where a list of 2"),
]


@pytest.mark.parametrize(("seen", "kind"), GOOD)
def test_read_gives_what_it_was_given(seen: Any, kind: Any) -> None:
    assert read(seen, kind) is seen
    assert matches(seen, kind) == ""


@pytest.mark.parametrize(("seen", "kind", "words"), BAD)
def test_read_says_what_is_there_and_what_belongs_there(seen: Any, kind: Any, words: str) -> None:
    with pytest.raises(CheckFailed, match=r"^The log could not be read \(there is ") as failed:
        read(seen, kind, "The log")
    assert words in str(failed.value)


def test_read_names_no_type_of_a_submission_and_no_value() -> None:
    class Secret9417(int):
        pass

    for seen in (Secret9417(5), [Secret9417(5)], {"9417": 1}, "9417"):
        assert "9417" not in matches(seen, list[float])
    assert kind_of(Secret9417(5)) == "an object"
    some: list[Any] = [[], 1, None, ""]
    assert [kind_of(value) for value in some] == ["a list", "an int", "None", "a str"]


def test_read_takes_evidence_of_any_depth_and_size() -> None:
    assert matches(deep, list[list[int]]) != ""
    assert matches([0] * 400_000, list[int]) == ""
    assert matches([[0, True]] * 100_000, list[[int, bool]]) == ""  # type: ignore[valid-type]


JUDGES: list[Any] = [
    lambda seen: read(seen, [int, list[str], bool]),
    lambda seen: read_paced(seen, 3),
    lambda seen: expect_in_order(seen, [1, 2, 3], "With forged evidence"),
    lambda seen: expect_drained(seen, [1, 2, 3], "With forged evidence"),
    lambda seen: expect_refusal(seen, "limit=0", Refusal("ValueError")),
    lambda seen: expect_method_calls(seen, 3, 4),
    lambda seen: expect_all_ended([seen], "Threads"),
]


@pytest.mark.parametrize("judge", JUDGES)
def test_forged_evidence_fails_and_does_no_more(judge: Any) -> None:
    for seen in FORGED:
        with pytest.raises(CheckFailed):
            judge(seen)


def failure(call: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(CheckFailed) as failed:
        call(*arguments, **options)
    return str(failed.value)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([1, 2], "the last 1 results never came"),
        ([1, 2, 3, 4], "more results than items"),
        ([3, 2, 1], "another order"),
        ([1, 2, 4], "were not those"),
        ([1, 2, True], "were not those"),
        ([1, 4], "were not those"),
    ],
)
def test_values_in_order(found: list[Any], words: str) -> None:
    assert words in failure(expect_in_order, found, [1, 2, 3], "With threads")
    assert words in failure(expect_drained, [found, "end"], [1, 2, 3], "With threads")


def test_drained_knows_its_ends() -> None:
    expect_drained([[1], "end"], [1], "With one item")
    assert "did not end" in failure(expect_drained, [[1], "more"], [1], "With one item")
    assert "raised OSError" in failure(expect_drained, [[1], "OSError"], [1], "With one item")
    message = failure(expect_drained, [[1], "Input7731"], [1], "With one item")
    assert "an exception of your own" in message and "7731" not in message


def test_paced() -> None:
    assert read_paced([0, [1, 3, 3], ["a", "b", "c"]], 3) == (0, [0, 1, 0], ["a", "b", "c"])
    assert "ended after 1 of 3 values" in failure(read_paced, [0, [1], ["a"]], 3)


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (["never", ""], "A negative size was accepted; it is a ValueError."),
        ("", "A negative size was accepted; it is a ValueError."),
        (["never", "KeyError"], "was accepted"),
        (["call", "KeyError"], "A negative size raised KeyError, not a ValueError."),
        ("Own", "A negative size raised an exception of your own, not a ValueError."),
        (["next", "ValueError"], "The ValueError for a negative size came with the first next()"),
        (["hangs", ""], "With a negative size the call never finished."),
    ],
)
def test_refusals(end: Any, words: str) -> None:
    rule = Refusal("ValueError")
    expect_refusal(["call", "ValueError"], "a negative size", rule)
    expect_refusal("ValueError", "a negative size", rule)
    assert words in failure(expect_refusal, end, "a negative size", rule)


def test_refusals_at_other_moments_and_in_other_words() -> None:
    rule = Refusal("KeyError", at=("next",), accepted="{What} passed ({an_error}).")
    expect_refusal(["next", "KeyError"], "key='a'", rule)
    assert failure(expect_refusal, "", "key='a'", rule) == "key='a' passed (a KeyError)."
    assert "the call itself raised a KeyError" in failure(expect_refusal, "KeyError", "a", rule)
    rule = Refusal("OSError")
    assert failure(expect_refusal, "", "no file", rule) == "No file was accepted; it is an OSError."


def test_method_calls() -> None:
    expect_method_calls([13, 12, -3, [True, 4]], 3, 4)
    assert "`self`" in failure(expect_method_calls, ["TypeError", 12, -3, [True, 4]], 3, 4)
    assert "static method" in failure(expect_method_calls, [13, 12, 3, [True, 4]], 3, 4)
    array = np.array([1, 2])
    assert "its result got lost" in failure(expect_method_calls, [array] * 4, 3, 4)


def test_nothing_left() -> None:
    expect_nothing_left(0, "threads", "after the call")
    expect_nothing_left(-1, "threads", "after the call")
    message = failure(expect_nothing_left, 1, "threads", "after the call", "Join them.")
    assert message == "1 thread was left after the call. Join them."
    message = failure(expect_nothing_left, 2, "processes", "after the call")
    assert message == "2 processes were left after the call."


def test_all_ended() -> None:
    expect_all_ended([["returned", 3], ["returned", None]], "Two threads")
    expect_all_ended(["returned"], "A thread")
    assert "never came back" in failure(expect_all_ended, [["never finished", None]], "Threads")
    assert "one got KeyError" in failure(expect_all_ended, ["KeyError"], "Threads called it,")


def test_peaks_say_their_limit() -> None:
    class Peak:
        bytes = 2_300_000

        def settled(self, allowed: float) -> Peak:
            return self

    text = "Peak {peak}; limit {limit}; a list takes {whole}."
    assert expect_peak(Peak(), 3e6, text, whole=9e6).bytes == 2_300_000
    message = failure(expect_peak, Peak(), 1e6, text, whole=9e6)
    assert message == "Peak 2.3 MB; limit 1.0 MB; a list takes 9.0 MB."
