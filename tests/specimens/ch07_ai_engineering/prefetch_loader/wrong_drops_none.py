# wrong: leaves out samples that are None  [test_asks_for_what_there_is]
from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any


class _Failure:
    def __init__(self, error: Exception) -> None:
        self.error = error


def _load(dataset: Any, start: int, stop: int) -> Any:
    try:
        samples = map(dataset.__getitem__, range(start, stop))
        return [sample for sample in samples if sample is not None]
    except Exception as error:
        return _Failure(error)


class PrefetchLoader:
    def __init__(self, dataset: Any, batch_size: int = 32, depth: int = 2) -> None:
        if batch_size < 1:
            raise ValueError("batch_size must be 1 or more")
        if depth < 1:
            raise ValueError("depth must be 1 or more")
        self.dataset = dataset
        self.batch_size = batch_size
        self.depth = depth

    def __len__(self) -> int:
        return math.ceil(len(self.dataset) / self.batch_size)

    def __iter__(self) -> Iterator[list[Any]]:
        size = len(self.dataset)
        starts = iter(range(0, size, self.batch_size))
        pool = ThreadPoolExecutor(max_workers=1)
        futures: deque = deque()

        def submit() -> None:
            for start in starts:
                stop = min(start + self.batch_size, size)
                futures.append(pool.submit(_load, self.dataset, start, stop))
                break

        try:
            submit()
            while futures:
                future = futures.popleft()
                batch = future.result()
                del future
                if isinstance(batch, _Failure):
                    error = batch.error
                    del batch
                    try:
                        raise error
                    finally:
                        del error
                while len(futures) < self.depth:
                    before = len(futures)
                    submit()
                    if len(futures) == before:
                        break
                yield batch
                del batch
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
