"""bench: what one call of a function costs, measured so that one may believe it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple


class Timing(NamedTuple):
    """What was measured. ``best`` and ``median`` are seconds per call."""

    best: float
    median: float
    number: int


def bench(
    function: Callable[[], Any],
    *,
    repeat: int = 5,
    number: int | None = None,
    clock: Callable[[], float] = time.perf_counter,
    sync: Callable[[], Any] | None = None,
) -> Timing:
    """Measure how long a call of ``function()`` takes.

    >>> now = [0.0]
    >>> def step():
    ...     now[0] += 0.25
    >>> bench(step, repeat=3, number=4, clock=lambda: now[0])
    Timing(best=0.25, median=0.25, number=4)

    A *run* is one reading of ``clock``, ``number`` calls, and one reading more; the clock is not
    read in between. One reading may end a run and begin the next. There are ``repeat`` runs.
    ``best`` is the time of the shortest, ``median`` the median of the times of all (of an even
    number, half-way between the middle two), both divided by ``number``: seconds per call.
    ``number`` is reported, too. The default ``clock`` is ``time.perf_counter``.

    Before the first run ``function`` is called at least once, to warm up. What that takes is not
    in any result, and plays no part in the choice of ``number``.

    Without a ``number`` one is found first: it begins with 1 and grows until a run of that many
    calls lasts 0.2 s of the clock or more. It never grows so much at once that a run of more than
    one call lasts 2 s (if all calls take equally long). The runs that find it are made like all
    others; whether the last of them is one of the ``repeat`` runs is left open. All ``repeat``
    runs have the number that was found.

    With ``sync``, a function that waits for what a device has been given to do, ``sync()`` is
    called before each reading of the clock, at both ends of a run, so that a run contains all of
    its own work and none of what went before. It is not called between the calls of a run.

    The garbage collector is off during the runs. Afterwards it is on if it was on before, and off
    if it was off (``function`` itself leaves it alone), also when ``function`` or ``sync`` raises.
    That exception reaches the caller, the very object (a ``StopIteration`` is left open). A
    ``repeat`` or ``number`` below 1 is a ``ValueError``, and nothing is called.
    """
    raise NotImplementedError("bench: write your solution here")
