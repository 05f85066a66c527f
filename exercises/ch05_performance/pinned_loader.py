"""PinnedLoader: batches that are on their way to the device before they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import torch


class PinnedLoader:
    """Iterates over the batches of ``loader``, copied ahead to ``device``.

    ``loader`` is any iterable of batches, for example a ``DataLoader``. A batch is a tensor on the
    host, or a dict, tuple or list that holds such tensors, nested to any depth.

    * Every batch comes, in the loader's order.
    * Every tensor in it is on ``device``.
    * The nesting stays (a dict stays a dict, a tuple a tuple, a list a list), and whatever is not
      a tensor is handed on as it is.

    Where ``device`` is a CUDA device and ``torch.cuda.is_available()``:

    * Each tensor is copied to the device from pinned memory. ``PinnedLoader`` pins none more than
      once; whether it pins one that comes pinned is left open.
    * Each copy is made with ``non_blocking=True``.
    * The copies are queued on a side stream, never on the consumer's stream: the one that is
      current where a batch is asked for.
    * While the consumer holds a batch, the copy of the next one has been queued.
    * More exactly: when batch i is handed over, the copies of batches i + 1 to i + ``depth`` (or
      of all that are left) have been queued. No batch beyond those has been taken from the
      loader. With ``depth=2``, the consumer gets batch 0 when 1 and 2 are on their way and 3 has
      not been asked for.
    * Before a batch is handed over, the consumer's stream, or the host, waits for its copy.
    * By then, ``record_stream`` has been called with the consumer's stream on every tensor of the
      batch.
    * The consumer's stream is still the current one afterwards.
    * Pinned memory is not written to while a copy from it may still be running.
    * With copies that take about as long as the work on the batches, an epoch takes at most
      0.85 times as long as with blocking copies from pageable memory.

    Elsewhere (``device`` is the CPU, or there is no CUDA) it hands on the very batches of the
    loader, and neither pins nor copies. It does so in silence: no warning, and nothing printed.

    Everywhere:

    * ``len()`` is that of the loader. A loader without ``len()`` can be iterated, too.
    * Each ``for`` loop is a new epoch, also after one that was left early.
    * The loader's own batches are not changed.
    * A batch that was handed over is not changed: the consumer may keep it.
    * An exception of the loader (an ``Exception``) arrives as it is. It arrives after every batch
      before it.
    * When a loop has ended, by ``break``, too, no thread of it is left.

    Named tuples, and two loops over one ``PinnedLoader`` at the same time, are left open.

    Raises ``ValueError`` if ``depth``, an int, is below 1, at construction.

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
