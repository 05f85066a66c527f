"""Four ways to judge a speed-up, and how often each decides wrongly.

The task says "at least 20 times as fast". A loop of known length stands for the student's
code and one that is 25 to 35 times as long for the slow version (to be passed), or 11 times
(to be failed), in two sandboxes, beside 0, 4 and 12 busy processes. The first four rules judge
the same samples by the clock; the last is :func:`autograder.judging.measuring.compare_speed`
itself, whose error rates :mod:`autograder.judging.sequential` states. What it leaves open is
counted beside them: an open verdict passes.
"""

from __future__ import annotations

import contextlib
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from autograder.authoring.audit import load
from autograder.judging import measuring
from autograder.judging.rooms import WorkerRooms
from autograder.judging.scope import CheckScope
from autograder.judging.settings import JudgeSettings
from autograder.judging.sides import WorkerSide
from autograder.outline import Course
from autograder.sandbox.inside.limits import Limits

LIMIT = 20.0
FALSE_RATIO = 11.0
LOADS = (0, 4, 12)
_STEPS = 2_000  # of the fast loop: about a tenth of a millisecond, a round trip's worth

_SOURCE = b"""\
def loop(steps):
    total = 0
    for i in range(steps):
        total += i
    return total

"""

Samples = list[tuple[float, float]]
"""(slow, fast) seconds per call, pair by pair."""

RULES: dict[str, Callable[[Samples, Samples], float]] = {
    "one call a side": lambda single, batches: single[0][0] / single[0][1],
    "one batched time": lambda single, batches: batches[0][0] / batches[0][1],
    "minima of seven": lambda single, batches: (
        min(s for s, _ in batches) / min(f for _, f in batches)
    ),
    "median of seven ratios": lambda single, batches: statistics.median(s / f for s, f in batches),
}
ENGINE = "compare_speed (until it is sure)"
OPEN = "of these left open"


def run_loop(module: Any, steps: int) -> Any:
    """The observation that is timed."""
    return module.loop(steps)


def _timed(side: WorkerSide, steps: list[int]) -> float:
    began = time.perf_counter()
    side.batch(run_loop, [{"steps": n} for n in steps])
    return (time.perf_counter() - began) / len(steps)


def trial(slow: WorkerSide, fast: WorkerSide, ratio: float) -> dict[str, bool]:
    """Whether each rule would say "at least 20 times as fast"."""
    fast_steps, slow_steps = _STEPS, round(_STEPS * ratio)
    for side in (slow, fast):
        _timed(side, [_STEPS])  # the first call of a worker is not like the others
    single = [(_timed(slow, [slow_steps]), _timed(fast, [fast_steps]))]
    quickest = min(_timed(fast, [fast_steps] * 20) for _ in range(3))
    in_batch = round(0.012 / quickest) + 1
    batches: Samples = []
    for pair in range(7):
        runs = [
            (slow, [slow_steps] * (in_batch // round(ratio) + 1)),
            (fast, [fast_steps] * in_batch),
        ]
        times = {
            id(side): _timed(side, steps) for side, steps in (runs[::-1] if pair % 2 else runs)
        }
        batches.append((times[id(slow)], times[id(fast)]))
    says = {name: rule(single, batches) >= LIMIT for name, rule in RULES.items()}

    chance = random.SystemRandom()

    def steps_of(number: int) -> dict[str, Any]:
        return {"factor": ratio, "steps": fast_steps + chance.randrange(40)}

    speed = measuring.compare_speed(slow, fast, _scaled, steps_of, at_least=LIMIT)
    open_ = slow.scope.measured[-1].undecided
    return says | {ENGINE: speed.ratio >= LIMIT, OPEN: open_}


def _scaled(module: Any, factor: float, steps: int) -> Any:
    return module.loop(round(steps * factor) if module.SLOW else steps)


def bench_rules(course: Course, trials: int) -> dict[str, Any]:
    """Wrong decisions of each rule over ``trials`` right and ``trials`` wrong answers each way."""
    rooms = WorkerRooms(course, JudgeSettings(course.root))
    wrong: dict[str, dict[str, int]] = {}
    chance = random.Random(20)
    try:
        for busy in LOADS:
            state = f"load {busy}"
            counts = {
                f"{kind}, {state}": dict.fromkeys([*RULES, ENGINE, OPEN], 0) for kind in KINDS
            }
            with load(busy) if busy else contextlib.nullcontext():
                _trials(rooms, trials, chance, counts, state)
            wrong |= counts
    finally:
        rooms.close()
    return {"trials": trials, "wrong": wrong, "limit": LIMIT, "false_ratio": FALSE_RATIO}


KINDS = ("right answers failed", "wrong answers passed")


def _trials(
    rooms: WorkerRooms,
    trials: int,
    chance: random.Random,
    counts: dict[str, dict[str, int]],
    state: str,
) -> None:
    scope = CheckScope(rooms.source, 1)
    try:
        slow = WorkerSide(
            scope, "reference", "loops", "plain", _SOURCE + b"SLOW = True\n", Limits()
        )
        fast = WorkerSide(scope, "student", "loops", "plain", _SOURCE + b"SLOW = False\n", Limits())
        for _ in range(trials):
            for kind, ratio in zip(KINDS, (chance.uniform(25, 35), FALSE_RATIO), strict=True):
                slow, fast = slow.fresh(), fast.fresh()
                for rule, passed in trial(slow, fast, ratio).items():
                    counted = passed if rule == OPEN else passed is (kind == KINDS[1])
                    counts[f"{kind}, {state}"][rule] += counted
                scope.close()
    finally:
        scope.close()
