# wrong: pins and copies a batch when it is asked for, nothing ahead  [test_copies_ahead]
import torch


class PinnedLoader:
    def __init__(self, loader, device, depth=2):
        if depth < 1:
            raise ValueError("depth must be at least 1, not %r" % depth)
        self.loader, self.device, self.depth = loader, device, depth

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        if "cuda" not in str(self.device) or not torch.cuda.is_available():
            yield from self.loader
            return
        side = torch.cuda.Stream()
        for batch in self.loader:
            tensors = []
            with torch.cuda.stream(side):
                moved = self.move(batch, tensors)
            torch.cuda.current_stream().wait_stream(side)
            for tensor in tensors:
                tensor.record_stream(torch.cuda.current_stream())
            yield moved

    def move(self, batch, tensors):
        if isinstance(batch, torch.Tensor):
            tensors.append(batch.pin_memory().to(self.device, non_blocking=True))
            return tensors[-1]
        if isinstance(batch, dict):
            return {key: self.move(value, tensors) for key, value in batch.items()}
        if isinstance(batch, (list, tuple)):
            return type(batch)(self.move(value, tensors) for value in batch)
        return batch
