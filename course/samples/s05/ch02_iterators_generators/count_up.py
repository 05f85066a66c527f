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
        raise NotImplementedError("count_up: write your solution here")

    def __iter__(self) -> CountUp:
        raise NotImplementedError("count_up: write your solution here")

    def __next__(self) -> int:
        raise NotImplementedError("count_up: write your solution here")
