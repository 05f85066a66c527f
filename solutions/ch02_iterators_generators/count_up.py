"""CountUp: the iterator protocol, by hand."""

from __future__ import annotations


class CountUp:
    """An iterator over the whole numbers 1, 2, … up to and including ``limit``.

    >>> list(CountUp(3))
    [1, 2, 3]

    It is its own iterator: ``iter(c) is c``, and asking for one never starts it over.
    Progress is kept however it is driven (``next``, ``for``, both in turn), and once it is
    exhausted it stays exhausted. A limit of 0 or less gives no values. The values are made
    one at a time, so that ``CountUp(10**12)`` is immediate.

    Raises ``TypeError`` if ``limit`` is not an ``int``; ``True`` and ``False`` are refused,
    too, although ``bool`` is a kind of ``int``.
    """

    def __init__(self, limit: int) -> None:
        ### BEGIN SOLUTION
        # bool is a subclass of int, so isinstance alone would let CountUp(True) count to 1.
        if isinstance(limit, bool) or not isinstance(limit, int):
            raise TypeError(f"limit must be an int, not {limit!r}")
        self._limit = limit
        self._last = 0
        ### END SOLUTION

    def __iter__(self) -> CountUp:
        ### BEGIN SOLUTION
        # An iterator is its own iterator: a for loop picks up where the last next() stopped.
        return self
        ### END SOLUTION

    def __next__(self) -> int:
        ### BEGIN SOLUTION
        # The state stops growing here, so every later call ends here, too.
        if self._last >= self._limit:
            raise StopIteration
        self._last += 1
        return self._last
        ### END SOLUTION


### BEGIN SOLUTION
# Notes. A generator method (`def __iter__(self): yield from range(1, …)`) is what you would
# write for an *iterable*: every for loop gets a fresh iterator. This exercise asks for an
# *iterator*, the thing that carries the progress. DataLoader needs to know the difference: an
# iterator that is passed where an iterable is expected feeds one epoch and is empty ever after.
### END SOLUTION
