# wrong: takes an EOFError of the source for its end  [test_any_items]
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
        source = iter(self.items)
        while True:
            try:
                item = next(source)
            except (StopIteration, EOFError):
                return
            if turn == mine:
                yield item
            turn = (turn + 1) % step
