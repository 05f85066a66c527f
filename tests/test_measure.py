"""How long a timed batch must be is found out on work, not on waiting."""

from __future__ import annotations

from typing import Any

import pytest

from autograder import measure


class Clock:
    """Stands for a side whose calls take 1 ms, and the clock that shows it."""

    def __init__(self, delays: list[float]) -> None:
        self.now, self.delays = 0.0, delays
        self.seen: list[int] = []

    def perf_counter(self) -> float:
        return self.now

    def batch(self, function: Any, inputs: list[dict[str, Any]]) -> list[Any]:
        self.seen += [arguments["n"] for arguments in inputs]
        self.now += 0.001 * len(inputs) + (self.delays.pop(0) if self.delays else 0.0)
        return []


@pytest.mark.parametrize("delays", [[], [0.05], [0.0, 0.03, 0.0]])
def test_a_batch_that_was_kept_waiting_is_not_long_enough(
    delays: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    side: Any = Clock(delays)
    monkeypatch.setattr(measure, "time", side)
    count = measure._calibrate(side, lambda module: None, lambda n: {"n": n})
    assert count >= 10
    assert len(side.seen) == len(set(side.seen))  # every call has inputs of its own


class Worker:
    """A side whose batches take ``wall`` seconds, and what the kernel counts meanwhile."""

    pid = 1

    def __init__(self, wall: float, ran: float, waited: float, judge: float) -> None:
        self.wall, self.ran, self.waited, self.judge = wall, ran, waited, judge
        self.now = 0.0

    def worker(self) -> Worker:
        return self

    def perf_counter(self) -> float:
        return self.now

    def batch(self, function: Any, inputs: list[dict[str, Any]]) -> list[Any]:
        self.now += self.wall
        return ["value"]

    def run_and_delay(self, pid: int) -> tuple[float, float]:
        done = self.now > 0
        return (self.ran * done, self.waited * done) if pid == 1 else (9.0, self.judge * done)


@pytest.mark.parametrize(
    ("worker", "seconds"),
    [
        (Worker(wall=0.02, ran=0.02, waited=0.0, judge=0.0), 0.02),
        (Worker(wall=0.08, ran=0.02, waited=0.05, judge=0.01), 0.02),
        # One that sleeps takes the time that it sleeps.
        (Worker(wall=0.08, ran=0.01, waited=0.03, judge=0.0), 0.05),
        # One that waits while its children work has not waited for nothing.
        (Worker(wall=0.08, ran=0.07, waited=0.07, judge=0.0), 0.07),
        # Parallel work takes no longer than the clock says.
        (Worker(wall=0.05, ran=0.1, waited=0.0, judge=0.0), 0.05),
    ],
)
def test_what_a_busy_machine_adds_is_left_out(
    worker: Any, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "time", worker)
    monkeypatch.setattr(measure, "run_and_delay", worker.run_and_delay)
    outputs, taken = measure._timed(worker, lambda module: None, [{}], alone=True)
    assert outputs == ["value"] and taken == pytest.approx(seconds)
    outputs, taken = measure._timed(worker, lambda module: None, [{}], alone=False)
    assert taken == pytest.approx(worker.wall)
