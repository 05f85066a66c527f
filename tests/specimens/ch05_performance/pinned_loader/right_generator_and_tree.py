# right: torch.utils._pytree maps the tensors, a generator copies each batch when it is drawn
from __future__ import annotations

import collections
import itertools

import torch
from torch.utils import _pytree as tree


class PinnedLoader:
    def __init__(self, loader, device, depth=2):
        if depth < 1:
            raise ValueError(f"depth must be at least 1, got {depth}")
        self.loader, self.device, self.depth = loader, torch.device(device), depth

    def __len__(self):
        return len(self.loader)

    @property
    def _real(self):
        return self.device.type == "cuda" and torch.cuda.is_available()

    def _copied(self, stream):
        for batch in self.loader:
            kept = []

            def move(tensor, kept=kept):
                if tensor.is_cuda:
                    return tensor.to(self.device, non_blocking=True)
                kept.append(tensor.pin_memory())
                return kept[-1].to(self.device, non_blocking=True)

            with torch.cuda.stream(stream):
                there = tree.tree_map_only(torch.Tensor, move, batch)
                event = torch.cuda.Event()
                event.record(stream)
            yield there, event, kept

    def __iter__(self):
        if not self._real:
            yield from self.loader
            return
        stream = torch.cuda.Stream(device=self.device)
        source = self._copied(stream)
        ahead = collections.deque(itertools.islice(source, 1))
        failed = None
        while ahead or failed is None:
            try:
                while failed is None and len(ahead) < self.depth + 1:
                    ahead.append(next(source))
            except StopIteration:
                failed = StopIteration
            except BaseException as error:
                failed = error
            if not ahead:
                break
            batch, event, kept = ahead.popleft()
            consumer = torch.cuda.current_stream(self.device)
            consumer.wait_event(event)
            tree.tree_map_only(torch.Tensor, lambda t: t.record_stream(consumer), batch)
            yield batch
            del batch
        if failed is not StopIteration:
            raise failed
