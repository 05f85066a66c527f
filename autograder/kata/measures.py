"""Measurements in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.judging.measured import Measured


def measured(values: Sequence[Measured], *, as_fast: bool = False) -> Iterator[str]:
    """Measurements in words: one's own, beside the limit and what it was compared with.

    Ratios are those of the time taken, or, ``as_fast``, of the speed: as the check's title has it.
    """
    for value in values:
        if value.kind == "speed":
            other = "the reference" if value.roles[1] == "reference" else "the comparison"
            yield (
                f"Time {_seconds(value.first)}, {other} {_seconds(value.second)}: "
                f"{_ratio(value, as_fast)}"
            )
            if value.undecided:
                yield value.note()
    memory = [value for value in values if value.kind == "memory"]
    mine = [v.first for v in memory if v.roles[0] == "student"]
    others = [v.first for v in memory if v.roles[0] != "student"]
    if mine:
        beside = f", compared with {max(others) / 1e6:.1f} MB" if others else ""
        yield f"Peak memory {max(mine) / 1e6:.1f} MB{beside}"


def _ratio(value: Measured, as_fast: bool) -> str:
    if as_fast and value.ratio and value.at_most:
        least = f"{1 / value.at_most:.3g}"
        return f"{1 / value.ratio:.1f} times as fast (limit: at least {least} times)"
    limits = [f"limit {value.at_most:g}x"] if value.at_most is not None else []
    limits += [f"at least {value.at_least:g}x"] if value.at_least is not None else []
    return f"{value.ratio:.2f}x" + (f" ({', '.join(limits)})" if limits else "")


def _seconds(value: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= scale:
            return f"{value / scale:.3g} {unit}"
    return f"{value / 1e-9:.3g} ns"
