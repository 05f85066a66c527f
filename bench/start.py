"""Isolation start: from asking for a worker to the first result of a submission in it."""

from __future__ import annotations

import statistics
import time
from dataclasses import asdict, dataclass
from typing import Any

from autograder.judging import observations
from autograder.outline import Course
from autograder.sandbox.inside.limits import Limits, MiB
from autograder.sandbox.inside.zygote import FORKS_BEFORE_COLLAPSE
from autograder.sandbox.processes import process_cpu, tree
from autograder.sandbox.walls import OwnWall
from autograder.sandbox.zygote import Zygote

LIMITS = {"torch": 35.0, "plain": 20.0}
"""Most milliseconds (median) to the first result, by the zygote's profile."""

WARM_UP = FORKS_BEFORE_COLLAPSE + 2
"""Workers of each kind before the first that counts: a class has thousands, so the steady state
is what matters (the zygote rearranges its memory once)."""

_SOURCE = b"def answer():\n    return 42\n"


@dataclass(frozen=True, slots=True)
class Start:
    """Milliseconds, medians over the runs of one profile."""

    profile: str
    zygote: float
    fork: float
    load: float
    first: float
    total: float
    ninth_decile: float
    end: float
    cpu: float


def ask(module: Any) -> Any:
    """The observation that is asked first."""
    return module.answer()


def once(zygote: Zygote, limits: Limits) -> tuple[float, float, float, float]:
    """Seconds: fork, walls and load, first observation, end."""
    clock = time.perf_counter
    request = {"op": "observe", "function": observations.pack(ask), "helpers": [], "arguments": {}}
    load = {"op": "load", "name": "student", "source": _SOURCE, "files": {}}
    began = clock()
    worker = zygote.worker(limits)
    forked = clock()
    worker.call(load)
    loaded = clock()
    reply = worker.call(request)
    answered = clock()
    worker.close()
    ended = clock()
    if reply != {"value": 42}:
        raise RuntimeError(f"the worker answered {reply!r}")
    return forked - began, loaded - forked, answered - loaded, ended - answered


def bench_start(course: Course, rounds: int) -> dict[str, Any]:
    """Alternate torch and plain workers ``rounds`` times; a :class:`Start` for each, as dicts."""
    limits = {"torch": Limits(memory=1024 * MiB), "plain": Limits()}
    zygotes, begun = {}, {}
    for slot, profile in enumerate(limits):
        began = time.perf_counter()
        zygotes[profile] = Zygote(profile, (course.root, course.graders), slot=slot)
        zygotes[profile].start()
        begun[profile] = time.perf_counter() - began
    samples: dict[str, list[tuple[float, float, float, float]]] = {p: [] for p in limits}
    used = dict.fromkeys(limits, 0.0)
    try:
        for number in range(rounds + WARM_UP):
            order = list(limits) if number % 2 else list(reversed(limits))
            for profile in order:
                before = _cpu(zygotes[profile])
                sample = once(zygotes[profile], limits[profile])
                if number >= WARM_UP:
                    samples[profile].append(sample)
                    used[profile] += _cpu(zygotes[profile]) - before
    finally:
        for zygote in zygotes.values():
            zygote.close()
    starts = []
    for profile, runs in samples.items():
        fork, load, first, end = (
            statistics.median(column) * 1e3 for column in zip(*runs, strict=True)
        )
        totals = sorted(sum(run[:3]) * 1e3 for run in runs)
        starts.append(
            Start(
                profile,
                begun[profile] * 1e3,
                fork,
                load,
                first,
                statistics.median(totals),
                totals[len(totals) * 9 // 10],
                end,
                used[profile] / len(runs) * 1e3,
            )
        )
    return {"starts": [asdict(s) for s in starts], "rounds": rounds}


def _cpu(zygote: Zygote) -> float:
    """CPU seconds of the zygote with the workers it has waited for (whole clock ticks)."""
    wall = zygote._wall
    return sum(map(process_cpu, tree(wall.pid))) if isinstance(wall, OwnWall) else 0.0
