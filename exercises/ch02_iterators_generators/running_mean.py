"""running_mean: what is known so far, after each value of a stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def running_mean(values: Iterable[float]) -> Iterator[float]:
    """Yield, after each value, the mean of the values so far.

    >>> list(running_mean([4, 8, 3]))
    [4.0, 6.0, 5.0]

    ``values`` is any iterable of ints and floats: a list, a generator, a stream that never ends.
    The result is an iterator of floats, one for each value; without values it is empty. Once
    exhausted, it stays exhausted, if ``values`` does. Several of them may run at the same time.

    The call takes nothing from ``values``, and each mean takes exactly one value: the mean after a
    value is there before the next value is asked for. An exception of ``values`` reaches the
    caller. What comes after it is left open.

    The error of each mean is at most 1e-9 of the largest value so far (ignoring its sign), also
    after many values around 1e9. What NaN, infinity, values beyond 1e300, and values below 1e-300
    other than 0 give (of either sign) is left open.

    With 200 000 values or more, peak memory stays below 0.01x that of a list of them.
    """
    raise NotImplementedError("running_mean: write your solution here")
