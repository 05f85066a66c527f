# right: a dataclass of the stream; shares by itertools.compress over a cycle
from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any, Iterable

import torch.utils.data
from torch.utils.data import IterableDataset


@dataclass(eq=False, repr=False)
class ShardedStream(IterableDataset):
    items: Iterable[Any]
    epochs: int = field(default=0, init=False)

    def __iter__(self):
        info = torch.utils.data.get_worker_info()
        workers, me = (info.num_workers, info.id) if info is not None else (1, 0)
        self.epochs += 1
        mine = itertools.cycle(i == me for i in range(workers))
        return itertools.compress(self.items, mine)
