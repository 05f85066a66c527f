"""sharded_stream: a stream that several DataLoader workers read together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from torch.utils.data import IterableDataset

### BEGIN SOLUTION
from itertools import islice

from torch.utils.data import get_worker_info

### END SOLUTION


class ShardedStream(IterableDataset[Any]):
    """A data set over ``items`` that gives each of them once, however many workers there are.

    >>> from torch.utils.data import DataLoader
    >>> stream = ShardedStream(range(5))
    >>> sorted(stream)
    [0, 1, 2, 3, 4]
    >>> sorted(DataLoader(stream, batch_size=None, num_workers=2))
    [0, 1, 2, 3, 4]

    ``items`` is any iterable: it may have no length, no index and no end. Its items may be
    anything, also ``None``, equal to each other, or impossible to hash; they are handed on as
    they are. A ``DataLoader`` may have any number of workers, 0 included, and more of them than
    there are items. In each of its epochs every item arrives exactly once, in whatever order,
    from one worker or another. One ``ShardedStream`` serves many epochs and many loaders, with
    different numbers of workers, also at the same time. Each epoch iterates over ``items`` anew
    (so an iterator, which can be read only once, has one epoch).

    The work is shared: each worker hands over about as many items as any other.

    It is lazy. Construction takes no item from ``items``. When one is handed over, at most
    ``num_workers`` (1 without workers) of those that come after it have been taken by the same
    process.

    It pickles if ``items`` does: a worker process that was spawned gets it that way.
    """

    def __init__(self, items: Iterable[Any]) -> None:
        ### BEGIN SOLUTION
        self._items = items
        ### END SOLUTION

    def __iter__(self) -> Iterator[Any]:
        ### BEGIN SOLUTION
        # Asked here and not in __init__: that runs in the main process, before there are workers.
        worker = get_worker_info()
        if worker is None:  # the main process reads, alone
            return iter(self._items)
        return islice(self._items, worker.id, None, worker.num_workers)
        ### END SOLUTION


### BEGIN SOLUTION
# Notes. Every n-th item, each worker beginning at its own number: that needs neither a length nor
# a list, leaves no remainder over, and nobody has to talk to anybody. In a generator function,
# `for number, item in enumerate(items)` with `if number % n == id` does the same.
# Blocks, `items[start:end]`, need a length. Whoever divides with // then loses the last few items;
# with ceil the last worker has less to do than the others.
# Each worker still takes all items from its copy of `items` and drops what is not its own. That is
# cheap for numbers, and n times the work where an item is decoded. There share out what is
# cheap (names of files, offsets) and decode behind it, or fetch by index from a map-style data set.
# In training on several machines get_worker_info() knows the workers of one process only. There
# are rank * num_workers + id and world_size * num_workers to count with.
### END SOLUTION
