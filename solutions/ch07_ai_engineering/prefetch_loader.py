"""PrefetchLoader: the next batches are loaded while the consumer works on this one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

### BEGIN SOLUTION
import math
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

### END SOLUTION


class PrefetchLoader:
    """Iterates over the batches of ``dataset``, and loads the next ones in the background.

    ``dataset`` is map-style: it has ``len(dataset)`` samples, always as many, and ``dataset[0]`` is
    the first of them. A batch is a list of ``batch_size`` samples, just as the data set returned
    them, in the order of their indices; the last batch may be shorter. A loop asks the data set for
    each index from 0 to ``len(dataset) - 1`` once, and for no other. It may ask in any thread of
    this process, and in several at the same time.

    >>> for batch in PrefetchLoader("abcdefg", batch_size=3):
    ...     print(batch)
    ['a', 'b', 'c']
    ['d', 'e', 'f']
    ['g']

    * While the consumer works on a batch, the next ones are loaded in the background: ``depth``
      batches, or all that are left, and none beyond them. With ``depth=2``, batches 1 and 2 are
      loaded during the work on batch 0, and batch 3 is not begun.
    * Constructing a loader loads nothing.
    * ``len()`` is the number of batches.
    * Each ``for`` loop begins with the first sample, also after one that was left early, and
      while another one is under way.
    * Where ``dataset[i]`` raises an ``Exception`` other than ``StopIteration``, that very
      exception comes in the place of the batch it belongs to, after every batch before it. It
      ends the loop.
    * However a loop ends, at its end, by ``break`` or with an exception: batches that have not
      been begun are not loaded any more, and a moment later no thread of the loop is left. (A
      loop that is left by ``break`` ends when its iterator is dropped.)
    * A batch is not changed after it was handed over, and kept no longer than until the next one
      is handed over.
    * Where loading and working take equally long, an epoch takes at most 0.7 times as long as
      one that loads each batch when it is asked for.

    Raises ``ValueError`` at construction if ``batch_size`` or ``depth`` is below 1.
    """

    def __init__(self, dataset: Any, batch_size: int = 32, depth: int = 2) -> None:
        ### BEGIN SOLUTION
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, not {batch_size!r}")
        if depth < 1:
            raise ValueError(f"depth must be at least 1, not {depth!r}")
        self._dataset = dataset
        self._batch_size = batch_size
        self._depth = depth
        ### END SOLUTION

    def __len__(self) -> int:
        ### BEGIN SOLUTION
        return math.ceil(len(self._dataset) / self._batch_size)
        ### END SOLUTION

    def __iter__(self) -> Iterator[list[Any]]:
        ### BEGIN SOLUTION
        # All state is the loop's own, so that loops cannot disturb one another. One thread is
        # enough: it loads the batches in their order, and the data set needs no lock.
        thread = ThreadPoolExecutor(max_workers=1)
        pending: deque[Future[list[Any]]] = deque()
        try:
            for start in range(0, len(self._dataset), self._batch_size):
                pending.append(thread.submit(self._load, start))
                # One more than depth: the batch that goes out now, and depth behind it.
                if len(pending) > self._depth:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            # Here after the last batch, by an exception, and by `break`: the loop lets go of the
            # generator, which Python then closes (CPython at once, others when the collector
            # comes by). The batch in progress is waited for.
            thread.shutdown(cancel_futures=True)
        ### END SOLUTION

    ### BEGIN SOLUTION
    def _load(self, start: int) -> list[Any]:
        stop = min(start + self._batch_size, len(self._dataset))
        return [self._dataset[index] for index in range(start, stop)]

    ### END SOLUTION


### BEGIN SOLUTION
# Notes. A future carries a result or an exception to whoever asks for it, when it asks. That is
# why an error needs no line here: it waits in its place in the deque. With a thread and a queue of
# your own, the error has to travel through the queue, and so does the end.
#
# Such a queue has two more edges. Its producer loads a batch and *then* waits for room, so that
# queue.Queue(maxsize=depth) is one batch further ahead than depth; a semaphore that is acquired
# before loading is exact. And a producer that waits for room waits for ever when the consumer has
# left: it has to be told, for example by an event and a put() with a timeout.
#
# A thread overlaps with what lets go of the GIL: reading files, decoding images, the work of a
# GPU. For transforms written in Python, use processes (DataLoader's num_workers).
#
# Common mistakes: `pool.submit(…).result()`, which waits at once; submitting every batch at the
# start, which reads the data set into memory; popping a batch *before* the next one is submitted
# (one too few ahead, and none with depth=1); a pool that lives as long as the loader; iterating
# over the data set itself, which ends at the IndexError of a bug as if it were the end.
### END SOLUTION
