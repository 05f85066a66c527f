# wrong: copies into a ring of device buffers, which kept batches share  [test_leaves_batches_alone]
from collections import deque

import torch


class PinnedLoader:
    def __init__(self, loader, device, depth=2):
        if depth < 1:
            raise ValueError("depth must be >= 1")
        self.loader, self.device, self.depth = loader, torch.device(device), depth

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        if self.device.type == "cpu" or not torch.cuda.is_available():
            return iter(self.loader)
        return self._ahead()

    def _into_ring(self, x, ring, out):
        if isinstance(x, torch.Tensor):
            shelf = ring.setdefault((x.shape, x.dtype), deque())
            if len(shelf) < self.depth + 3:
                target = torch.empty(x.shape, dtype=x.dtype, device=self.device)
            else:
                target = shelf.popleft()
            shelf.append(target)
            target.copy_(x.pin_memory(), non_blocking=True)
            out.append(target)
            return target
        if isinstance(x, dict):
            return {k: self._into_ring(v, ring, out) for k, v in x.items()}
        if isinstance(x, (list, tuple)):
            return type(x)(self._into_ring(v, ring, out) for v in x)
        return x

    def _ahead(self):
        side, line, ring = torch.cuda.Stream(), deque(), {}
        source, error = iter(self.loader), None
        while True:
            while source and len(line) <= self.depth:
                try:
                    batch = next(source)
                except StopIteration:
                    source = None
                    break
                except Exception as problem:
                    source, error = None, problem
                    break
                side.wait_stream(torch.cuda.current_stream())
                tensors = []
                with torch.cuda.stream(side):
                    moved = self._into_ring(batch, ring, tensors)
                    line.append((moved, tensors, side.record_event()))
            if not line:
                break
            moved, tensors, event = line.popleft()
            current = torch.cuda.current_stream()
            current.wait_event(event)
            for tensor in tensors:
                tensor.record_stream(current)
            yield moved
        if error:
            raise error
