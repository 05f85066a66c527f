# right: flattens a batch with pytree, and copies all of its tensors by one _foreach_copy_
from collections import deque

import torch
from torch.utils._pytree import tree_flatten, tree_map_only, tree_unflatten


class PinnedLoader:
    def __init__(self, loader, device, depth=2):
        if depth < 1:
            raise ValueError(f"{depth=}")
        self.loader, self.device, self.depth = loader, torch.device(device), depth

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        if self.device.type != "cuda" or not torch.cuda.is_available():
            yield from self.loader
            return
        side = torch.cuda.Stream(self.device)
        q, it, err = deque(), iter(self.loader), None
        while True:
            while it and len(q) <= self.depth:
                try:
                    b = next(it)
                except StopIteration:
                    it = None
                    break
                except Exception as e:
                    it, err = None, e
                    break
                with torch.cuda.stream(side):
                    q.append((self.move(b), side.record_event()))
            if not q:
                if err:
                    raise err
                return
            b, e = q.popleft()
            cur = torch.cuda.current_stream(self.device)
            cur.wait_event(e)
            self.record(b, cur)
            yield b

    def move(self, b):
        flat, spec = tree_flatten(b)
        at = [i for i, x in enumerate(flat) if isinstance(x, torch.Tensor)]
        host = [flat[i].pin_memory() for i in at]
        dev = [torch.empty_like(h, device=self.device) for h in host]
        if dev:
            torch._foreach_copy_(dev, host, non_blocking=True)
        for i, d in zip(at, dev):
            flat[i] = d
        return tree_unflatten(flat, spec)

    def record(self, b, cur):
        tree_map_only(torch.Tensor, lambda t: t.record_stream(cur), b)
