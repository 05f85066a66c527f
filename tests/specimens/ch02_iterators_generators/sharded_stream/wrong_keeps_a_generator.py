# wrong: keeps the iterator of the last loop, which may not pickle  [test_pickles]
from collections.abc import Iterable, Iterator
from typing import Any

from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset[Any]):
    def __init__(self, items: Iterable[Any]) -> None:
        self.items = items

    def __iter__(self) -> Iterator[Any]:
        info = get_worker_info()
        mine, step = (0, 1) if info is None else (info.id, info.num_workers)
        turn = 0
        self.source = iter(self.items)  # for a progress bar
        for item in self.source:
            if turn == mine:
                yield item
            turn = (turn + 1) % step
