"""CountUp: the iterator protocol, by hand."""

from __future__ import annotations


class CountUp:
    """An iterator over the whole numbers 1, 2, … up to and including ``limit``.

    >>> list(CountUp(3))
    [1, 2, 3]

    It is its own iterator: ``iter(c) is c``. Asking for an iterator leaves the count where it
    stands, so ``next`` and ``for`` may take turns. Two objects count independently. Once
    exhausted, an object stays exhausted. A limit of 0 or less gives no values.

    ``limit`` has no upper bound: ``CountUp(10**30)`` starts at once. A count to 200 000 or further
    takes less than 0.01x the memory of a list of its values.

    The constructor raises ``TypeError`` if ``limit`` is not an ``int``. It refuses ``True`` and
    ``False``, too. Whether it accepts other subclasses of ``int`` is left open.
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
