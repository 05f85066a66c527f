# wrong: workers that live on give the items of the first epoch again  [test_epochs_and_loaders]
from collections.abc import Iterable, Iterator
from typing import Any

from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset[Any]):
    def __init__(self, items: Iterable[Any]) -> None:
        self.items = items
        self._seen = None

    def __iter__(self) -> Iterator[Any]:
        info = get_worker_info()
        mine, step = (0, 1) if info is None else (info.id, info.num_workers)
        turn = 0
        seen = []
        for item in self.items if self._seen is None else self._seen:
            seen.append(item)
            if turn == mine:
                yield item
            turn = (turn + 1) % step
        if info is not None and iter(self.items) is not self.items:
            self._seen = seen  # the worker need not read it again
