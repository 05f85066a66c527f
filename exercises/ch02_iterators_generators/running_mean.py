"""running_mean: what is known so far, after each value of a stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def running_mean(values: Iterable[float]) -> Iterator[float]:
    """Yield, after each value, the mean of the values so far.

    >>> list(running_mean([4, 8, 3]))
    [4.0, 6.0, 5.0]

    ``values`` is any iterable of ints and floats: a list, a generator, a stream that never ends.
    The result is an iterator of floats, one for each value; without values it is empty.

    It is in step with its source. Nothing is taken before the first mean is asked for, and
    exactly one value is taken for each mean: the mean after a value is there before the next value
    is asked for. Several of them may run at the same time.

    The relative error of each mean stays below 1e-9, also after many values around 1e9. Memory
    does not grow with the number of values: at the peak it stays below 0.01x that of a list of
    them.
    """
    raise NotImplementedError("running_mean: write your solution here")
