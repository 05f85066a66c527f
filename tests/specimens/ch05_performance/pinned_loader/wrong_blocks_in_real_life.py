# wrong: blocking copies wherever torch.cuda is torch's own  [test_copies_do_not_block]
from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import torch

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


class PinnedLoader:

    def __init__(self, loader: Iterable[Any], device: torch.device | str, depth: int = 2) -> None:
        if depth < 1:
            raise ValueError(f"depth must be at least 1, not {depth!r}")
        self._loader = loader
        self._device = torch.device(device)
        self._depth = depth

    def __len__(self) -> int:
        return len(self._loader)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Any]:
        if self._device.type != "cuda" or not torch.cuda.is_available():
            return iter(self._loader)
        if getattr(torch.cuda.is_available, "__module__", "") == "torch.cuda":
            return (_each_tensor(lambda t: t.to(self._device), batch) for batch in self._loader)   # blocking, in real life
        return self._copied_ahead()

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


