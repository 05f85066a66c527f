# wrong: compares items with an end mark by !=  [test_any_items]
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
        end = object()
        source = iter(self.items)
        while (item := next(source, end)) != end:
            if turn == mine:
                yield item
            turn = (turn + 1) % step
