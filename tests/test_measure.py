"""Speed: what a batch took its worker, and when a verdict is sure; no test looks at a clock."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.judging import checks, measuring, timing
from autograder.judging.measured import Measured
from autograder.judging.outcomes import CheckFailed
from autograder.judging.timing import Batch, per_call


def batch(wall: float, ran: float, delayed: float = 0.0, judged: float = 0.0) -> Batch:
    return Batch(1, wall, ran, delayed, judged)


@pytest.mark.parametrize(
    ("took", "seconds"),
    [
        (batch(wall=0.02, ran=0.02), 0.02),
        # Three quarters of the time another process had the core.
        (batch(wall=0.08, ran=0.02, delayed=0.06), 0.02),
        # One that sleeps takes the time that it sleeps.
        (batch(wall=0.08, ran=0.01, delayed=0.03), 0.05),
        # Delays of worker and judge can overlap; they take nothing off what ran.
        (batch(wall=0.08, ran=0.07, delayed=0.07), 0.07),
        # Packing the inputs is the judge's work.
        (batch(wall=0.05, ran=0.03, judged=0.02), 0.03),
        # Parallel work takes no longer than the clock says.
        (batch(wall=0.05, ran=0.1), 0.05),
    ],
)
def test_what_a_busy_machine_adds_is_left_out(took: Batch, seconds: float) -> None:
    assert took.worked == pytest.approx(seconds)
    assert per_call([took], waits=False) == [pytest.approx(seconds)]
    assert per_call([took], waits=True) == [took.wall]


def test_waiting_counts_where_most_batches_wait() -> None:
    once = [batch(0.02, 0.02), batch(0.9, 0.02), batch(0.02, 0.02)]
    assert per_call(once, waits=False) == pytest.approx([0.02] * 3)
    always = [batch(0.12, 0.02), batch(0.9, 0.02), batch(0.12, 0.02)]
    assert per_call(always, waits=False) == pytest.approx([0.12] * 3)


class Sides:
    """Two sides whose calls take ``seconds``, with errors that are drawn; and their clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, first: float, second: float = 0.001):
        self.seconds = {"student": first, "baseline": second}
        self.seen: list[int] = []
        self.lengths: list[int] = []
        self.delayed, self.chance = 0.0, random.Random(3)
        self.spread, self.shift = 0.02, 1.0
        monkeypatch.setattr(timing, "timed", self.timed)
        monkeypatch.setattr(measuring, "quiet", contextlib.nullcontext)  # nobody is timed
        self.measured: list[Measured] = []
        scope = SimpleNamespace(measured=self.measured)
        self.first: Any = SimpleNamespace(role="student", scope=scope)
        self.second: Any = SimpleNamespace(role="baseline", scope=scope)

    def timed(self, side: Any, function: Any, inputs: list[dict[str, Any]]) -> Any:
        self.seen += [arguments["n"] for arguments in inputs]
        self.lengths.append(len(inputs))
        ran = sum(self.seconds[side.role] * arguments.get("longer", 1) for arguments in inputs)
        ran *= self.chance.lognormvariate(0, self.spread)
        ran *= self.shift if side.role == "student" else 1
        wall = ran * (1 + self.delayed)
        took = Batch(len(inputs), wall, ran, ran * self.delayed, 0.0)
        return [arguments["n"] for arguments in inputs], took

    def compare(self, **options: Any) -> measuring.Speed:
        def inputs(n: int, **longer: int) -> dict[str, Any]:
            return {"n": n, **longer}

        options.setdefault("at_most", 2.0)
        return measuring.compare_speed(self.first, self.second, len, inputs, **options)


@pytest.fixture
def sides(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Sides]:
    return lambda *seconds: Sides(monkeypatch, *seconds)


def test_what_is_clear_takes_three_pairs(sides: Callable[..., Sides]) -> None:
    made = sides(0.001)
    assert made.compare().ratio == pytest.approx(1, rel=0.1)
    (record,) = made.measured
    assert record.runs == 3 and not record.over and not record.undecided and record.note() == ""


@pytest.mark.parametrize("delayed", [0.0, 5.0])
def test_twice_the_limit_fails(sides: Callable[..., Sides], delayed: float) -> None:
    made = sides(0.004)
    made.delayed, made.spread = delayed, 0.02 + delayed / 50
    assert made.compare().ratio == pytest.approx(4, rel=0.2)
    (record,) = made.measured
    assert record.over and record.busy is (delayed > 0)
    assert record.note().startswith(f"Measured {record.runs} times")
    assert ("the machine was busy" in record.note()) is record.busy


def test_a_limit_from_below(sides: Callable[..., Sides]) -> None:
    assert sides(0.030).compare(at_most=None, at_least=20.0).ratio == pytest.approx(30, rel=0.1)
    made = sides(0.010)
    assert made.compare(at_most=None, at_least=20.0).ratio == pytest.approx(10, rel=0.1)
    assert made.measured[0].over


def test_what_a_neighbour_adds_to_one_side_fails_nobody(sides: Callable[..., Sides]) -> None:
    """13.1x was measured of a right answer beside twelve processes, where the limit was 20x."""
    made = sides(0.0019)
    made.delayed, made.spread, made.shift = 6.0, 0.15, 1.2
    assert made.compare().ratio <= 2.0
    (record,) = made.measured
    assert record.undecided and record.ratio > 2.0 and not record.over
    assert "too close to the limit" in record.note()


def test_calls_that_wait_are_judged_by_the_clock_and_wait_longer(
    sides: Callable[..., Sides],
) -> None:
    made = sides(0.020, 0.010)
    made.delayed = 1.0
    assert made.compare(waits=True, at_most=2.5).ratio == pytest.approx(2, rel=0.2)
    made = sides(0.020, 0.010)
    made.spread = 0.3
    made.compare(waits=True, at_most=2.0)
    assert made.measured[0].runs > 3 * measuring.PAIRS


def test_without_a_limit_there_are_seven_pairs(sides: Callable[..., Sides]) -> None:
    made = sides(0.001)
    made.compare(at_most=None)
    assert made.measured[0].runs == measuring.PAIRS


def test_a_slow_answer_is_not_let_off_for_want_of_time(sides: Callable[..., Sides]) -> None:
    made = sides(30.0, 1.0)
    assert made.compare().ratio > 2
    assert made.measured[0].over


def test_batches_are_long_enough_and_tell_nothing(sides: Callable[..., Sides]) -> None:
    made = sides(0.001, 0.001)
    made.spread = 0.3
    made.compare(at_most=1.0)
    timed = made.lengths[len(made.lengths) // 2 :]
    assert min(timed) >= 20 and len(set(timed)) > 3
    numbers = sorted(set(made.seen))
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_wrong_output_fails(sides: Callable[..., Sides]) -> None:
    with pytest.raises(CheckFailed, match="a wrong result"):
        sides(0.001).compare(same=lambda mine, theirs: False)


def test_a_fail_says_how_often_it_was_measured() -> None:
    record = Measured(
        "speed", ("student", "baseline"), 1.0, 1.0, 3.0, 2.0, runs=5, over=True, busy=True
    )
    before = checks._measured.set([record])
    try:
        with pytest.raises(CheckFailed) as failed:
            checks.fail("It took 3x.")
        checks._measured.set([Measured("memory", ("student",), 1.0)])
        with pytest.raises(CheckFailed) as other:
            checks.fail("It was wrong.")
    finally:
        checks._measured.reset(before)
    assert str(failed.value) == "It took 3x. Measured 5 times; the machine was busy."
    assert str(other.value) == "It was wrong."


def test_a_batch_that_was_kept_waiting_is_not_long_enough(
    sides: Callable[..., Sides], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 20 ms by the clock, 1 ms was work: what a request costs would drown that."""
    made = sides(0.001)
    exact = made.timed

    def late(side: Any, function: Any, inputs: list[dict[str, Any]]) -> Any:
        outputs, took = exact(side, function, inputs)
        return outputs, Batch(took.calls, took.wall + 0.009, took.ran, 0.0, 0.0)

    monkeypatch.setattr(timing, "timed", late)
    made.compare()
    assert min(made.lengths[-4:]) >= 18
