# right: a prefetcher class with preload() and next(), one per epoch; wait_stream instead of events
import torch


def move(batch, device):
    if torch.is_tensor(batch):
        return batch.pin_memory().to(device=device, non_blocking=True)
    if isinstance(batch, dict):
        return {k: move(v, device) for k, v in batch.items()}
    if isinstance(batch, (tuple, list)):
        return type(batch)([move(v, device) for v in batch])
    return batch


def mark(batch, stream):
    if torch.is_tensor(batch):
        batch.record_stream(stream)
    elif isinstance(batch, dict):
        for value in batch.values():
            mark(value, stream)
    elif isinstance(batch, (tuple, list)):
        for value in batch:
            mark(value, stream)


class Prefetcher:
    def __init__(self, loader, device, depth):
        self.loader = iter(loader)
        self.device = device
        self.stream = torch.cuda.Stream(device=device)
        self.ready = []
        self.error = None
        self.over = False
        for _ in range(depth):
            self.preload()

    def preload(self):
        if self.over:
            return
        try:
            batch = next(self.loader)
        except StopIteration:
            self.over = True
            return
        except Exception as e:
            self.over, self.error = True, e
            return
        with torch.cuda.stream(self.stream):
            self.ready.append(move(batch, self.device))

    def __iter__(self):
        return self

    def __next__(self):
        if not self.ready and not self.over:
            self.preload()
        self.preload()
        if not self.ready:
            if self.error is not None:
                error, self.error = self.error, None
                raise error
            raise StopIteration
        current = torch.cuda.current_stream(self.device)
        current.wait_stream(self.stream)
        batch = self.ready.pop(0)
        mark(batch, current)
        return batch


class PinnedLoader:
    def __init__(self, loader, device, depth=2):
        if depth < 1:
            raise ValueError("depth=%r: must be >= 1" % (depth,))
        self.loader, self.device, self.depth = loader, device, depth

    def __iter__(self):
        if torch.device(self.device).type == "cpu" or not torch.cuda.is_available():
            yield from self.loader
        else:
            yield from Prefetcher(self.loader, self.device, self.depth)

    def __len__(self):
        return len(self.loader)
