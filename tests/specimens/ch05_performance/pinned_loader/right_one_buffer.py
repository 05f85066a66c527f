# right: packs a batch into one pinned buffer, copies once, and cuts the tensors out on the device
from collections import deque

import torch

ALIGN = 64


def leaves(x):
    if isinstance(x, torch.Tensor):
        yield x
    elif isinstance(x, (dict, list, tuple)):
        for part in x.values() if isinstance(x, dict) else x:
            yield from leaves(part)


def rebuild(x, parts):
    if isinstance(x, torch.Tensor):
        return next(parts)
    if isinstance(x, dict):
        return {key: rebuild(part, parts) for key, part in x.items()}
    if isinstance(x, (list, tuple)):
        return type(x)([rebuild(part, parts) for part in x])
    return x


class PinnedLoader:
    def __init__(self, loader, device, depth=2, *, align=ALIGN):
        if depth < 1:
            raise ValueError(f"depth must be at least 1, not {depth}")
        self.loader, self.device, self.depth, self.align = (
            loader,
            torch.device(device),
            depth,
            align,
        )

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        if self.device.type == "cpu" or not torch.accelerator.is_available():
            return iter(self.loader)
        return self.packed()

    def send(self, batch, side):
        places, end = [], 0
        for tensor in leaves(batch):
            places.append((tensor, end, tensor.numel() * tensor.element_size()))
            end += -(-places[-1][2] // self.align) * self.align
        host = torch.empty(end, dtype=torch.uint8, pin_memory=True)
        for tensor, start, size in places:
            host[start : start + size] = tensor.contiguous().view(-1).view(torch.uint8)
        with torch.cuda.stream(side):
            there = host.to(self.device, non_blocking=True)
        cut = [there[a : a + size].view(t.dtype).view(t.shape) for t, a, size in places]
        return rebuild(batch, iter(cut)), there, side.record_event()

    def packed(self):
        side, line, source, failure = (
            torch.cuda.Stream(self.device),
            deque(),
            iter(self.loader),
            None,
        )

        def fill():
            nonlocal source, failure
            while source is not None and len(line) < self.depth + 1:
                try:
                    line.append(self.send(next(source), side))
                except StopIteration:
                    source = None
                except Exception as error:
                    source, failure = None, error

        fill()
        while line:
            batch, there, event = line.popleft()
            stream = torch.cuda.current_stream()
            event.wait(stream)
            there.record_stream(stream)
            yield batch
            fill()
        if failure:
            raise failure
