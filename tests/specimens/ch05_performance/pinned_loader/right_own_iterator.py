# right: its own iterator, which __iter__ winds back; set_stream instead of a context manager
import torch


class PinnedLoader:
    def __init__(self, loader, device, depth=2):
        if depth < 1:
            raise ValueError("depth must be at least 1, not " + repr(depth))
        self.loader = loader
        self.device = torch.device(device)
        self.depth = depth

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        self.cuda = self.device.type == "cuda" and torch.cuda.is_available()
        self.source = iter(self.loader)
        self.buffer = []
        if self.cuda:
            self.side = torch.cuda.Stream()
        return self

    def __next__(self):
        if not self.cuda:
            return next(self.source)
        while len(self.buffer) < self.depth + 1 and not self.ended():
            try:
                batch = next(self.source)
            except BaseException as error:  # StopIteration, too: it ends the buffer
                self.buffer.append(error)
            else:
                self.buffer.append(self.copy(batch))
        item = self.buffer[0]
        if isinstance(item, BaseException):
            raise item
        del self.buffer[0]
        batch, leaves, event = item
        stream = torch.cuda.current_stream()
        stream.wait_event(event)
        for leaf in leaves:
            leaf.record_stream(stream)
        return batch

    def ended(self):
        return bool(self.buffer) and isinstance(self.buffer[-1], BaseException)

    def copy(self, batch):
        leaves = []

        def visit(value):
            if isinstance(value, torch.Tensor):
                if not value.is_pinned():
                    value = value.pin_memory()
                leaves.append(value.to(self.device, non_blocking=True))
                return leaves[-1]
            if type(value) is dict:
                return {key: visit(value[key]) for key in value}
            if type(value) in (list, tuple):
                return type(value)(visit(part) for part in value)
            return value

        before = torch.cuda.current_stream()
        torch.cuda.set_stream(self.side)
        try:
            result = visit(batch)
            return result, leaves, self.side.record_event()
        finally:
            torch.cuda.set_stream(before)
