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
        raise NotImplementedError("count_up: write your solution here")

    def __iter__(self) -> CountUp:
        raise NotImplementedError("count_up: write your solution here")

    def __next__(self) -> int:
        raise NotImplementedError("count_up: write your solution here")
