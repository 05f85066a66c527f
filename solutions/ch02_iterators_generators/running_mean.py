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
    ### BEGIN SOLUTION
    # All that has to be known of the past are two numbers. A Python float has 53 bits: the sum
    # of a million values around 1e9 is right to about 13 digits.
    total = 0.0
    for count, value in enumerate(values, 1):
        total += value
        # The function rests here, with its variables, until the next mean is asked for.
        yield total / count
    ### END SOLUTION


### BEGIN SOLUTION
# Notes. `mean += (value - mean) / count` needs no total, and with it comes the variance
# (Welford's method). As an expression: (t / n for n, t in enumerate(accumulate(values), 1)), with
# itertools.accumulate. math.fsum over all values so far is exact, and takes a list and n² time.
#
# float32 has 24 bits. From 2**24 = 16 777 216 on it skips whole numbers: values around 1e9 are
# rounded to multiples of 64, and a sum of many of them loses the small digits of each. That
# includes NumPy: since NumPy 2, 0.0 + np.float32(x) is an np.float32. If losses come as such,
# write `total += float(value)`; on a GPU accumulate in float64, or add loss.item().
#
# values[:i] or list(values) wait for the end of a stream that may have none. A loop that asks for
# the next value before it hands over the mean of this one is late by one value: on a live stream,
# the consumer waits for something that it does not need.
### END SOLUTION
