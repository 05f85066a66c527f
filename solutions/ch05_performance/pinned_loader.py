"""PinnedLoader: batches that are on their way to the device before they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import torch

### BEGIN SOLUTION
from collections import deque
from collections.abc import Callable


def _each_tensor(function: Callable[[torch.Tensor], Any], batch: Any) -> Any:
    """The same nesting with ``function(tensor)`` in place of every tensor."""
    if isinstance(batch, torch.Tensor):
        return function(batch)
    if isinstance(batch, dict):
        return {key: _each_tensor(function, value) for key, value in batch.items()}
    if isinstance(batch, tuple) and hasattr(batch, "_fields"):  # a named tuple
        return type(batch)(*(_each_tensor(function, value) for value in batch))
    if isinstance(batch, list | tuple):
        return type(batch)(_each_tensor(function, value) for value in batch)
    return batch


### END SOLUTION


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
        ### BEGIN SOLUTION
        if depth < 1:
            raise ValueError(f"depth must be at least 1, not {depth!r}")
        self._loader = loader
        self._device = torch.device(device)
        self._depth = depth
        ### END SOLUTION

    def __len__(self) -> int:
        ### BEGIN SOLUTION
        return len(self._loader)  # type: ignore[arg-type]
        ### END SOLUTION

    def __iter__(self) -> Iterator[Any]:
        ### BEGIN SOLUTION
        if self._device.type != "cuda" or not torch.cuda.is_available():
            return iter(self._loader)
        return self._copied_ahead()
        ### END SOLUTION

    ### BEGIN SOLUTION
    def _copied_ahead(self) -> Iterator[Any]:
        side = torch.cuda.Stream(self._device)
        source = iter(self._loader)
        failure: Exception | None = None
        exhausted = False
        ahead: deque[tuple[Any, torch.cuda.Event]] = deque()
        while True:
            # One more than depth: the batch that goes out now, and depth behind it.
            while not exhausted and len(ahead) <= self._depth:
                try:
                    batch = next(source)
                except StopIteration:
                    exhausted = True
                except Exception as error:
                    # We are ahead of the consumer: the error waits until its turn has come.
                    exhausted, failure = True, error
                else:
                    ahead.append(self._send(batch, side))
            if not ahead:
                break
            # No name is kept for the batch: its memory is free as soon as the consumer lets go.
            yield self._receive(*ahead.popleft())
        if failure is not None:
            raise failure

    def _send(self, batch: Any, side: torch.cuda.Stream) -> tuple[Any, torch.cuda.Event]:
        """Queue the copies of one batch; the event marks their end."""
        # The block holds no yield: the consumer would go on inside it, on our stream.
        with torch.cuda.stream(side):
            # The pinned tensor may be dropped at once: torch's allocator keeps its memory
            # until the copy is through. A buffer of our own would have to wait for the event.
            copied = _each_tensor(
                lambda tensor: tensor.pin_memory().to(self._device, non_blocking=True), batch
            )
            return copied, side.record_event()

    def _receive(self, batch: Any, copied: torch.cuda.Event) -> Any:
        """Make a batch safe to use on the stream that is current now."""
        consumer = torch.cuda.current_stream(self._device)
        # The device waits, the host goes on. wait_stream(side) would wait for the copies of
        # the batches behind this one as well.
        consumer.wait_event(copied)
        # The memory was allocated on the side stream. Without this note the allocator would give
        # it to the next copy as soon as Python lets go, while the consumer's kernels still read.
        _each_tensor(lambda tensor: tensor.record_stream(consumer), batch)
        return batch

    ### END SOLUTION


### BEGIN SOLUTION
# Notes. Three things must come together before a copy overlaps with work: pinned memory (the
# driver copies pageable memory through a buffer of its own, and the host waits), non_blocking
# (the host goes on) and a second stream (the device goes on). Leave out one and the code still
# gives right results, at the speed of a blocking loop.
#
# Pinning is a copy, too. Here the consumer's thread makes it, ahead of time, while the device works
# on what has been queued. Where the host is the bottleneck, let DataLoader(pin_memory=True) pin in
# a thread of its own: pin_memory() of a pinned tensor returns the tensor itself. A thread of your
# own has to be told when the consumer leaves.
#
# Every batch ahead costs device memory and pinned memory, which the system cannot swap out.
# A depth of 1 or 2 hides the copies; more only helps against a loader of uneven speed.
#
# For other accelerators: torch.accelerator.is_available() and current_stream(), torch.Stream
# and torch.Event have the same shape.
#
# Common mistakes: a deque of `depth` batches, from which one is taken *before* it is filled up
# (one too few ahead); `yield` inside `with torch.cuda.stream(side)` (the consumer's kernels run
# on the side stream); one pinned buffer for all batches (the host overwrites what the device
# has yet to copy); no wait (garbage, now and then); no record_stream (the same, more rarely).
### END SOLUTION
