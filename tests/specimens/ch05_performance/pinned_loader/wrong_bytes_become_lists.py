# wrong: goes by the abstract Mapping and Sequence: bytes and range come as lists, a UserDict as a dict  [test_any_nesting]
from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

import torch


def _leaves(batch):
    if isinstance(batch, torch.Tensor):
        yield batch
    elif isinstance(batch, dict):
        for value in batch.values():
            yield from _leaves(value)
    elif isinstance(batch, (list, tuple)):
        for value in batch:
            yield from _leaves(value)


def _mapped(batch, move):
    if isinstance(batch, torch.Tensor):
        return move(batch)
    if isinstance(batch, Mapping):
        return {key: _mapped(value, move) for key, value in batch.items()}
    if isinstance(batch, tuple):
        return tuple(_mapped(value, move) for value in batch)
    if isinstance(batch, Sequence) and not isinstance(batch, str):
        return [_mapped(value, move) for value in batch]
    return batch


class PinnedLoader:
    def __init__(self, loader, device, depth=2):
        if depth < 1:
            raise ValueError("depth must be at least 1")
        self.loader = loader
        self.device = torch.device(device)
        self.depth = depth

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        if self.device.type != "cuda" or not torch.cuda.is_available():
            return iter(self.loader)
        return self._ahead()

    def _ahead(self):
        side = torch.cuda.Stream(self.device)
        while side == torch.cuda.current_stream(self.device):
            side = torch.cuda.Stream(self.device)
        source = iter(self.loader)
        queue = deque()
        failure = None

        def move_all(batch):
            known = {}  # one tensor may be in a batch twice

            def move(tensor):
                if id(tensor) not in known:
                    pinned = tensor.pin_memory()
                    with torch.cuda.stream(side):
                        moved = pinned.to(self.device, non_blocking=True)
                    known[id(tensor)] = pinned, moved
                return known[id(tensor)][1]

            moved = _mapped(batch, move)
            with torch.cuda.stream(side):
                event = torch.cuda.Event()
                event.record(side)
            return moved, event, known

        while True:
            while source is not None and len(queue) <= self.depth:
                try:
                    batch = next(source)
                except StopIteration:
                    source = None
                except Exception as error:
                    source, failure = None, error
                else:
                    queue.append(move_all(batch))
            if not queue:
                break
            batch, event, known = queue.popleft()
            consumer = torch.cuda.current_stream(self.device)
            consumer.wait_event(event)
            for tensor in _leaves(batch):
                tensor.record_stream(consumer)
            del known
            yield batch
            del batch
        if failure is not None:
            raise failure
