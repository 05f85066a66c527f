# right: a thread pins and copies within its allowance; the consumer waits until depth are ahead
from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Iterator

import torch
from torch.utils._pytree import tree_flatten, tree_unflatten


@dataclass
class PinnedLoader:
    loader: Any
    device: Any
    depth: int = 2

    def __post_init__(self):
        if self.depth <= 0:
            raise ValueError(f"depth must be > 0: {self.depth}")

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        if torch.device(self.device).type != "cuda" or not torch.cuda.is_available():
            return iter(self.loader)
        return _Epoch(self.loader, torch.device(self.device), self.depth).batches()


class _Epoch:
    def __init__(self, loader, device, depth):
        self.loader, self.device, self.depth = loader, device, depth
        self.changed = threading.Condition()
        self.items = []
        self.handed = self.taken = 0
        self.finished = self.left = False
        self.error = None

    def work(self):
        stream = torch.cuda.Stream(self.device)
        source = iter(self.loader)
        while True:
            with self.changed:
                self.changed.wait_for(
                    lambda: self.left or self.taken < self.handed + self.depth + 1
                )
                if self.left:
                    return
                self.taken += 1
            try:
                batch = next(source)
            except StopIteration:
                break
            except Exception as error:
                self.error = error
                break
            flat, shape = tree_flatten(batch)
            with torch.cuda.stream(stream):
                for i, x in enumerate(flat):
                    if isinstance(x, torch.Tensor):
                        flat[i] = x.pin_memory().cuda(self.device, non_blocking=True)
                event = torch.cuda.Event()
                event.record(stream)
            with self.changed:
                self.items.append((flat, shape, event))
                self.changed.notify_all()
        with self.changed:
            self.finished = True
            self.changed.notify_all()

    def batches(self) -> Iterator[Any]:
        thread = threading.Thread(target=self.work)
        thread.start()
        try:
            while True:
                with self.changed:
                    self.changed.wait_for(lambda: self.finished or len(self.items) > self.depth)
                    if not self.items:
                        break
                    flat, shape, event = self.items.pop(0)
                event.synchronize()
                for x in flat:
                    if isinstance(x, torch.Tensor):
                        x.record_stream(torch.cuda.current_stream(self.device))
                yield tree_unflatten(flat, shape)
                with self.changed:
                    self.handed += 1
                    self.changed.notify_all()
            if self.error:
                raise self.error
        finally:
            with self.changed:
                self.left = True
                self.changed.notify_all()
            thread.join()
