# wrong: makes a CUDA stream wherever it is  [test_passes_through_without_cuda]
from collections import deque

import torch
from torch.utils._pytree import tree_map


def tensors_only(function):
    return lambda leaf: function(leaf) if isinstance(leaf, torch.Tensor) else leaf


class PinnedLoader:
    def __init__(self, loader, device, depth=2):
        if depth < 1:
            raise ValueError(f"depth must be at least 1, not {depth}")
        self.loader, self.device, self.depth = loader, device, depth
        self.side = torch.cuda.Stream()

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        queue, error, source = deque(), None, iter(self.loader)
        while True:
            while source and len(queue) <= self.depth:
                try:
                    batch = next(source)
                except StopIteration:
                    source = None
                except Exception as problem:
                    source, error = None, problem
                else:
                    with torch.cuda.stream(self.side):
                        move = tensors_only(
                            lambda t: t.pin_memory().to(self.device, non_blocking=True)
                        )
                        queue.append((tree_map(move, batch), self.side.record_event()))
            if not queue:
                break
            batch, event = queue.popleft()
            current = torch.cuda.current_stream()
            current.wait_event(event)
            tree_map(tensors_only(lambda t: t.record_stream(current)), batch)
            yield batch
        if error:
            raise error
