# wrong: waits for a ring's buffers a round too late  [test_reuses_no_buffer_too_early]
from collections import deque

import torch


class Slot(dict):
    event = None


class PinnedLoader:
    def __init__(self, loader, device, depth=2):
        if depth < 1:
            raise ValueError(f"depth must be at least 1, not {depth}")
        self.loader, self.device, self.depth = loader, device, depth

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        if torch.device(self.device).type == "cpu" or not torch.cuda.is_available():
            return iter(self.loader)
        return self.ring()

    def walk(self, x, f, path=()):
        if torch.is_tensor(x):
            return f(x, path)
        if isinstance(x, dict):
            return {k: self.walk(v, f, (*path, k)) for k, v in x.items()}
        if isinstance(x, (list, tuple)):
            return type(x)(self.walk(v, f, (*path, i)) for i, v in enumerate(x))
        return x

    def ring(self):
        side, line, failure, source = torch.cuda.Stream(), deque(), None, iter(self.loader)
        slots, count = [Slot() for _ in range(self.depth + 1)], 0
        while True:
            while source and len(line) <= self.depth:
                try:
                    batch = next(source)
                except StopIteration:
                    source = None
                    break
                except Exception as error:
                    source, failure = None, error
                    break
                slot = slots[count % len(slots)]
                if count >= 2 * len(slots):
                    slot.event.synchronize()
                count += 1

                def send(tensor, path):
                    key = (path, tensor.shape, tensor.dtype)
                    if key not in slot:
                        slot[key] = torch.empty_like(tensor, pin_memory=True)
                    return slot[key].copy_(tensor).to(self.device, non_blocking=True)

                with torch.cuda.stream(side):
                    moved = self.walk(batch, send)
                    slot.event = side.record_event()
                line.append((moved, slot.event))
            if not line:
                break
            moved, event = line.popleft()
            stream = torch.cuda.current_stream()
            stream.wait_event(event)
            self.walk(moved, lambda tensor, path: tensor.record_stream(stream))
            yield moved
        if failure:
            raise failure
