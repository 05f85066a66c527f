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
