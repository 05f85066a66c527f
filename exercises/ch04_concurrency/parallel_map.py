"""parallel_map: the same function for many items, in many processes, results in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar


T = TypeVar("T")
R = TypeVar("R")


def parallel_map(
    function: Callable[[T], R],
    items: Iterable[T],
    workers: int | None = None,
    chunksize: int | None = None,
    context: str = "spawn",
) -> list[R]:
    """The list ``[function(item) for item in items]``, computed in worker processes.

    >>> parallel_map(abs, [-3, 1, -2], workers=2)
    [3, 1, 2]

    The results are in the order of the items. ``items`` is any iterable, also one without a length;
    no items give ``[]``. The function, the items, the results and the exceptions that the function
    raises must pickle and unpickle. Apart from that, items and results may be anything: ``None``,
    equal items, items that do not hash, results of any size. An exception object that is *returned*
    is a result.

    The function is called once for each item, in processes that this call starts, never in the
    caller's process. At most ``workers`` items are in progress at once; by default that is the
    number of cores that this process may use, which may be fewer than the machine has. Slow items
    run at once: the speed-up is at least 0.6 times that of the reference solution.

    A worker takes ``chunksize`` consecutive items at a time; only the last chunk may be smaller. By
    default the size depends on the number of items. It is so large that 50 000 tiny items cost at
    most 0.3 times what they cost when a ``multiprocessing.Pool`` sends them one by one (CPU time of
    all processes, their start not counted), and so small that a dozen slow items keep two workers
    busy.

    ``context`` is the start method of these workers, ``"spawn"`` or ``"fork"`` for example. The
    start method that the program has chosen for itself is the same afterwards, also after an
    exception.

    If the function raises an ``Exception`` other than ``StopIteration``, the call raises one of the
    same type with the same ``args``. If the system kills a worker, the call raises an exception
    as well; its type is left open, and so is how often the function was
    called. When the call has returned, or raised an ``Exception``, none of its workers is left
    running.

    Raises ``ValueError`` if ``workers`` or ``chunksize`` is below 1, or if this platform has no
    start method called ``context``.
    """
    raise NotImplementedError("parallel_map: write your solution here")
