# right: reads rounds of num_workers items, and takes another place in each
from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset[Any]):
    def __init__(self, items: Iterable[Any]) -> None:
        super().__init__()
        self.items = items

    def __iter__(self) -> Iterator[Any]:
        info = get_worker_info()
        me, count = (0, 1) if info is None else (info.id, info.num_workers)
        source = iter(self.items)
        turn = me
        while block := list(islice(source, count)):
            if turn < len(block):
                yield block[turn]
            turn = (turn + 1) % count
