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
    """A data set that gives each of ``items`` once, however many workers a ``DataLoader`` has.

    >>> from torch.utils.data import DataLoader
    >>> stream = ShardedStream(range(5))
    >>> sorted(stream)
    [0, 1, 2, 3, 4]
    >>> sorted(DataLoader(stream, batch_size=None, num_workers=2))
    [0, 1, 2, 3, 4]

    ``items`` is any iterable: it may have no length, no index and no end. Its items may be
    anything, also ``None``, equal to each other, or not hashable. They are handed on as they
    are. An exception of ``items`` reaches the caller.

    A ``DataLoader`` may have any number of workers, 0 included, and more workers than there are
    items. In each of its epochs every item arrives, in any order, and none arrives twice.
    One ``ShardedStream`` serves many epochs and many loaders with different numbers of workers,
    also at the same time. Each epoch iterates over ``items`` anew. (An iterator can be read only
    once, so it is good for one epoch.)

    The work is shared: of ``n`` items, no worker hands over more than ``n / num_workers``,
    rounded up.

    It is lazy. Construction takes no item from ``items``. When a worker hands over item number
    ``k`` of ``items``, it has taken none beyond number ``k + num_workers``; without workers, none
    beyond ``k + 1``.

    It pickles if ``items`` does, and the copy gives the same items. Spawned workers get it that
    way.
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
# a list, leaves no remainder over, and the workers need not talk. In a generator function,
# `for number, item in enumerate(items)` with `if number % n == id` does the same.
# Blocks, `items[start:end]`, need a length. Divide it with //, and the last few items are lost;
# with ceil the last worker has less to do than the others.
# Each worker still takes all items from its copy of `items` and drops what is not its own. That is
# cheap for numbers, and n times the work where an item is decoded. There share out what is
# cheap (names of files, offsets) and decode behind it, or fetch by index from a map-style data set.
# In training on several machines get_worker_info() knows the workers of one process only. There
# are rank * num_workers + id and world_size * num_workers to count with.
### END SOLUTION
