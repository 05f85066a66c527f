# wrong: every tuple comes out as a list  [test_any_nesting]
import torch


def copy(x, device, out):
    if isinstance(x, dict):
        return {k: copy(v, device, out) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [copy(v, device, out) for v in x]
    if isinstance(x, torch.Tensor):
        out.append(x.pin_memory().cuda(device, non_blocking=True))
        return out[-1]
    return x


def guarded(loader, failed):
    try:
        yield from loader
    except Exception as error:
        failed.append(error)


class PinnedLoader:
    def __init__(self, loader, device, depth=2):
        if depth < 1:
            raise ValueError("depth must be >= 1")
        self.loader, self.device, self.depth = loader, device, depth

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        if str(self.device) == "cpu" or not torch.cuda.is_available():
            yield from self.loader
            return
        side, line = torch.cuda.Stream(), []

        def oldest():
            batch, tensors, event = line.pop(0)
            torch.cuda.current_stream().wait_event(event)
            for tensor in tensors:
                tensor.record_stream(torch.cuda.current_stream())
            return batch

        failed = []
        for batch in guarded(self.loader, failed):
            tensors = []
            with torch.cuda.stream(side):
                line.append((copy(batch, self.device, tensors), tensors, side.record_event()))
            if len(line) > self.depth:
                yield oldest()
        while line:
            yield oldest()
        if failed:
            raise failed[0]
