# right: consecutive blocks of a sequence, every n-th item of anything else
import math
from collections.abc import Sequence
from itertools import compress, cycle

from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self._items = items

    def __iter__(self):
        worker = get_worker_info()
        if worker is None:
            yield from self._items
        elif isinstance(self._items, Sequence):
            share = math.ceil(len(self._items) / worker.num_workers)
            for at in range(worker.id * share, min((worker.id + 1) * share, len(self._items))):
                yield self._items[at]
        else:
            mine = cycle(number == worker.id for number in range(worker.num_workers))
            yield from compress(self._items, mine)
