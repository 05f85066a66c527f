"""SafeCounter: a total that many threads may add to."""

from __future__ import annotations

### BEGIN SOLUTION
import threading

### END SOLUTION


class SafeCounter:
    """A whole number that many threads may increase and read at the same time.

    >>> counter = SafeCounter()
    >>> counter.add()
    >>> counter.add(5)
    >>> counter.value
    6
    >>> SafeCounter(start=10).value
    10

    It is exact, however large it gets: when every ``add`` has returned, ``value`` is ``start``
    plus all that was added, whenever the interpreter switched from one thread to another.

    ``value`` may be read at any time. It holds at least ``start`` and every addition that
    has returned, and at most, besides, those that have begun. It is read-only: to assign to it is
    an ``AttributeError``. Counters are independent of each other.

    Args:
        start: the value to begin with, an ``int``.
    """

    def __init__(self, start: int = 0) -> None:
        ### BEGIN SOLUTION
        self._value = start
        # One lock for the life of the counter. A lock excludes those who ask for the same lock.
        self._lock = threading.Lock()
        ### END SOLUTION

    def add(self, n: int = 1) -> None:
        """Add ``n``, an ``int`` of 0 or more; negative ones are not asked for."""
        ### BEGIN SOLUTION
        # += is three steps, read, add, write. Another thread's between the first and the last
        # would be overwritten. `with` gives the lock back even if the addition raises.
        with self._lock:
            self._value += n
        ### END SOLUTION

    @property
    def value(self) -> int:
        """What has been counted so far; read-only."""
        ### BEGIN SOLUTION
        # Reading one attribute is one step and needs no lock: there is no "half" of an int. A
        # value made of several attributes, which have to fit each other, would need it.
        return self._value
        ### END SOLUTION


### BEGIN SOLUTION
# Notes. "The GIL makes += safe" is wrong, and since Python 3.10 hard to refute by trying: the
# interpreter switches threads only at calls and backward jumps, of which `self._value += 1` with
# plain ints has none. Add a function call on the way, a NumPy scalar, a property or a
# free-threaded build, and updates are lost. No language rule promises otherwise.
#
# What else would do: an RLock; a queue that one thread empties; appending to a list and summing
# at the end, for append is one step (but the memory grows); a number for each thread, added up on
# reading. Each thread counting for itself and adding once at the end is fastest of all.
#
# Mistakes: a lock made in add() (every call has its own, so no thread waits for another); a
# lock in `value` only (the writers still overwrite each other); reading before the lock is taken
# and writing under it; `acquire()` without try/finally (one exception, and all others wait for
# ever). Threads see one counter; the workers of a DataLoader are processes, and each has a copy.
### END SOLUTION
