"""PinnedLoader: batches that are on their way to the device before they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import torch


class PinnedLoader:
    """Iterates over the batches of ``loader``, copied ahead to ``device``.

    ``loader`` is any iterable of batches, a ``DataLoader`` say. A batch is a tensor, or a dict,
    tuple or list that holds tensors, nested to any depth; whatever else lies in it is handed on
    as it is. The batches come in the loader's order and with their own nesting (a dict stays a
    dict, a tuple a tuple, a list a list), every tensor in them on ``device``.

    Where ``device`` is a CUDA device and ``torch.cuda.is_available()``:

    * Each host tensor is pinned, once, and copied from pinned memory with
      ``non_blocking=True``, on a side stream: never on the stream of the consumer.
    * When batch i is handed over, the copies of the next ``depth`` batches (or of all that are
      left) have been queued, and nothing beyond those has been taken from the loader. With
      ``depth=2``, whoever gets batch 0 knows that 1 and 2 are on their way and that 3 has not
      been asked for.
    * Before a batch is handed over, the consumer's stream (the one that is current where the
      batch is asked for) waits for its copy, or the host does; and ``record_stream`` has been
      called with the consumer's stream on every tensor of the batch. The consumer's stream is
      still the current one afterwards.
    * Pinned memory is not written to while a copy from it may still be running.
    * With copies that take about as long as the work on the batches, an epoch takes at most
      0.85 times as long as with blocking copies from pageable memory.

    Elsewhere (``device`` is the CPU, or there is no CUDA) it is a silent pass-through: the
    loader's batches as they are, neither pinned nor copied, no warning and nothing printed.

    Everywhere:

    * ``len()`` is that of the loader; a loader without one can be iterated, too. Each ``for``
      loop is a new epoch, also after one that was left early.
    * The loader's own batches are not changed, and neither is a batch that was handed over:
      the consumer may keep it.
    * An exception of the loader arrives as it is, after every batch before it.
    * When a loop has ended, by ``break``, too, no thread of it is left.

    Raises ``ValueError`` if ``depth`` is below 1, at construction.

    >>> batches = [torch.arange(3), torch.arange(3, 5)]
    >>> [batch.tolist() for batch in PinnedLoader(batches, "cpu")]
    [[0, 1, 2], [3, 4]]
    """

    def __init__(self, loader: Iterable[Any], device: torch.device | str, depth: int = 2) -> None:
        raise NotImplementedError("pinned_loader: write your solution here")

    def __len__(self) -> int:
        raise NotImplementedError("pinned_loader: write your solution here")

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError("pinned_loader: write your solution here")
