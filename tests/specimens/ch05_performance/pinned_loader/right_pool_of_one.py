# right: a pool of one thread pins and copies; futures in a deque; ended when the loop is
import collections
import concurrent.futures as cf

import torch


class PinnedLoader:
    def __init__(self, loader, device, depth: int = 2):
        if depth < 1:
            raise ValueError(f"depth must be positive, not {depth}")
        self.loader, self.device, self.depth = loader, torch.device(device), depth

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        if not (self.device.type == "cuda" and torch.cuda.is_available()):
            yield from self.loader
            return
        stream = torch.cuda.Stream(self.device)
        with cf.ThreadPoolExecutor(1) as pool:
            source = iter(self.loader)
            futures = collections.deque()

            def job():
                try:
                    batch = next(source)
                except StopIteration:
                    return None
                with torch.cuda.stream(stream):
                    tensors = []
                    out = transfer(batch, self.device, tensors)
                    done = torch.cuda.Event()
                    done.record()
                return out, tensors, done

            for _ in range(self.depth + 1):
                futures.append(pool.submit(job))
            while True:
                cf.wait(futures)
                result = futures.popleft().result()
                if result is None:
                    return
                out, tensors, done = result
                current = torch.cuda.current_stream(self.device)
                current.wait_event(done)
                for tensor in tensors:
                    tensor.record_stream(current)
                del result, tensors
                yield out
                if not any(f.exception() or f.result() is None for f in futures):
                    futures.append(pool.submit(job))


def transfer(x, device, tensors):
    match x:
        case torch.Tensor():
            y = x.pin_memory().to(device, non_blocking=True)
            tensors.append(y)
            return y
        case dict():
            return {k: transfer(v, device, tensors) for k, v in x.items()}
        case tuple() | list():
            return type(x)(transfer(v, device, tensors) for v in x)
    return x
