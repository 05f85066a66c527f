"""How long a batch of calls took its worker, as far as that is the worker's doing.

A batch costs what the worker's tree ran, to the nanosecond, and what it waited for meanwhile
other than a core: a sleep, a lock, a child. On a busy machine the first repeats to about a tenth
where wall time is off by a factor of ten; of the second only what is there in most batches counts.
"""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import dataclass
from typing import Any

from autograder.judging.protocols import Evidence, Observation, Side
from autograder.sandbox.processes import cpu_by_process, main_delay


@dataclass(frozen=True, slots=True)
class Batch:
    """Seconds of one batch of ``calls``: by the clock, on a core (the worker with its children),
    and ready to run without a core (the worker's main thread and the judge)."""

    calls: int
    wall: float
    ran: float
    delayed: float
    judged: float
    """CPU seconds of the judge, who packs the inputs and reads the outputs."""

    @property
    def idle(self) -> float:
        """Seconds in which nobody ran and nobody waited for a core."""
        return max(0.0, self.wall - self.delayed - self.ran - self.judged)

    @property
    def worked(self) -> float:
        """Seconds that the worker took by itself."""
        return min(self.wall, self.ran + self.idle)


def timed(
    side: Side, function: Observation, inputs: list[dict[str, Any]]
) -> tuple[list[Evidence], Batch]:
    """The outputs of a batch, and what it took."""
    pid, judge = side.worker().pid, os.getpid()
    before, delayed = cpu_by_process(pid), main_delay(pid) + main_delay(judge)
    judged, began = time.thread_time(), time.perf_counter()
    outputs = side.batch(function, inputs)
    wall, judged = time.perf_counter() - began, time.thread_time() - judged
    delayed = main_delay(pid) + main_delay(judge) - delayed
    # Never nothing: a child that nobody waited for may have taken what it ran with it.
    ran = max(seconds_run(before, cpu_by_process(pid)), wall / 10_000)
    return outputs, Batch(len(inputs), wall, ran, delayed, judged)


def seconds_run(
    before: dict[int, tuple[float, float]], after: dict[int, tuple[float, float]]
) -> float:
    """CPU seconds that a tree has run between two looks.

    A process that has ended since takes nothing off: what it ran before the first look is taken
    off only from what its parent was told of it.
    """
    nothing = (0.0, 0.0)
    own = sum(now[0] - before.get(pid, nothing)[0] for pid, now in after.items())
    told = sum(now[1] - before.get(pid, nothing)[1] for pid, now in after.items())
    ended = sum(sum(then) for pid, then in before.items() if pid not in after)
    return own + max(0.0, told - ended)


def per_call(batches: list[Batch], waits: bool) -> list[float]:
    """Seconds a call of each batch; for calls that ``waits`` it is what the clock says."""
    if waits:
        return [batch.wall / batch.calls for batch in batches]
    idle = statistics.median(batch.idle / batch.calls for batch in batches)
    return [min(b.wall / b.calls, b.ran / b.calls + idle) for b in batches]


def share_delayed(batches: list[Batch]) -> float:
    """Part of the time for which worker or judge had no core though they were ready."""
    return sum(b.delayed for b in batches) / sum(b.wall for b in batches)
