"""parallel_map: the same function for many items, in many processes, results in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

### BEGIN SOLUTION
import math
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

### END SOLUTION

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
    ### BEGIN SOLUTION
    for name, value in (("workers", workers), ("chunksize", chunksize)):
        # `is not None`, because `workers or default` would take 0 for "not given".
        if value is not None and value < 1:
            raise ValueError(f"{name} must be at least 1, not {value!r}")
    # A context object carries the start method along; multiprocessing.set_start_method would
    # change it for the whole program.
    mp_context = multiprocessing.get_context(context)
    # A generator has no length, and how to cut the chunks depends on it.
    items = list(items)
    if not items:
        return []
    # A worker without an item would cost an interpreter's start for nothing.
    processes = min(usable_cores() if workers is None else workers, len(items))
    if chunksize is None:
        # Every chunk is one message there and one back, so few are cheap. With four for each
        # worker, one that got the easy items can still take over some of the others' work.
        chunksize = math.ceil(len(items) / (4 * processes))
    # Leaving the block ends the workers and waits for them, also when map raises.
    with ProcessPoolExecutor(processes, mp_context=mp_context) as pool:
        return list(pool.map(function, items, chunksize=chunksize))
    ### END SOLUTION


### BEGIN SOLUTION
def usable_cores() -> int:
    """Cores that this process may run on; in a container often fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# Notes. Why not multiprocessing.Pool? Its map chooses a chunk size by itself, where that of the
# executor sends items one by one unless it is told otherwise. But when a worker is killed, out of
# memory for example, the executor raises BrokenProcessPool, and a Pool waits for ever. A Pool also
# waits for ever when the function raises SystemExit, or an exception that cannot be unpickled.
# What is paid: spawn starts an interpreter and imports your modules for each worker, tens of
# milliseconds, seconds with torch; fork starts at once, but copies a process whose threads are
# gone and whose locks stay locked, and CUDA does not survive it. Every item and result is
# pickled, so a function that does less work than its pickling is faster in the parent.
# Common mistakes: pool.apply in a loop waits for each item; imap_unordered and as_completed give
# the order of completion; a lambda does not pickle; a script without `if __name__ == "__main__":`
# starts itself again in every spawned worker; with Process and Queue of your own, join() before
# the queue is read waits for ever once the results outgrow a pipe. The DataLoader does all of
# this with num_workers, and multiprocessing_context is its name for `context`.
### END SOLUTION
