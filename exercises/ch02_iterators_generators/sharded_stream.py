"""sharded_stream: a stream that several DataLoader workers read together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from torch.utils.data import IterableDataset


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
        raise NotImplementedError("sharded_stream: write your solution here")

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError("sharded_stream: write your solution here")
