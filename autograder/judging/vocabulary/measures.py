"""Speed and memory: the limit is written once, and the message says it.

``retained`` and ``traced_peak`` run in the sandbox, ``expect_speed`` and ``expect_peak`` in the
judge.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.judging.checks import expect
from autograder.judging.observations import in_sandbox

__all__ = ["expect_peak", "expect_speed", "retained", "traced_peak"]


def expect_speed(
    student: Any,
    other: Any,
    function: Callable[..., Any],
    inputs: Callable[..., dict[str, Any]],
    message: str,
    *,
    at_most: float,
    same: Callable[[Any, Any], bool] | None = None,
    waits: bool = False,
) -> Any:
    """Expect that ``function`` takes the student at most ``at_most`` times as long as ``other``.

    In the message ``{ratio}`` stands for what was measured ("2.31x"), ``{limit}`` for the limit
    ("2x"). ``inputs``, ``same`` and ``waits`` are those of ``compare_speed``, whose result is
    returned.

    Example::

        expect_speed(
            student, reference, stream, inputs, "Reading took {ratio} the time of the reference; "
            "the limit is {limit}. Is work done more than once?", at_most=2.0, same=same,
        )
    """
    from autograder.judging.measuring import compare_speed

    speed = compare_speed(student, other, function, inputs, at_most=at_most, same=same, waits=waits)
    expect(
        speed.ratio <= at_most, message.format(ratio=f"{speed.ratio:.2f}x", limit=f"{at_most:g}x")
    )
    return speed


def expect_peak(peak: Any, allowed: float, message: str, **figures: float) -> Any:
    """Expect that a peak (of ``side.peak_memory``) is at most so many bytes; the settled peak.

    It is measured again where it is above the limit. In the message ``{peak}`` and ``{limit}``
    stand for the bytes in MB ("1.2 MB"), and so do the names of further ``figures``, in bytes.

    Example::

        eager = baseline(EAGER).peak_memory(read_big, **work)
        expect_peak(
            student.peak_memory(read_big, **work), 0.1 * eager.bytes, "Peak {peak}; the limit is "
            "{limit}, 0.1x of reading it all, which takes {eager}.", eager=eager.bytes,
        )
    """
    peak = peak.settled(allowed)
    named = {"peak": peak.bytes, "limit": allowed, **figures}
    shown = {name: f"{value / 1e6:.1f} MB" for name, value in named.items()}
    expect(peak.bytes <= allowed, message.format(**shown))
    return peak


@in_sandbox()
def retained(call, in_bytes=False):
    """The result of ``call()``, and how much more memory is in use with it in hand.

    In blocks, as Python counts them at any time (an object is one or two), or, ``in_bytes``, by
    tracemalloc, which slows the call down.

    Example::

        result, blocks = retained(lambda: module.intern_labels(labels()))
    """
    import gc
    import sys
    import tracemalloc

    if not in_bytes:
        gc.collect()
        before = sys.getallocatedblocks()
        result = call()
        gc.collect()
        return result, sys.getallocatedblocks() - before
    tracemalloc.start()
    try:
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        result = call()
        gc.collect()
        return result, tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


@in_sandbox()
def traced_peak(call):
    """The result of ``call()``, and the most bytes that it had allocated at once.

    Python's own account: NumPy tells it of every array, other libraries may not.

    Example::

        result, peak = traced_peak(lambda: module.normalise_(batch))
    """
    import tracemalloc

    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        result = call()
        return result, tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
