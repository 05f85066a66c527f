# right: a thread takes and pins, on demand of a semaphore; the consumer's thread copies
import queue
import threading
from collections import deque

import torch

END, ERROR, BATCH = range(3)


def walk(fn, obj):
    if isinstance(obj, torch.Tensor):
        return fn(obj)
    if isinstance(obj, dict):
        return {k: walk(fn, v) for k, v in obj.items()}
    if isinstance(obj, tuple):
        return tuple(walk(fn, v) for v in obj)
    if isinstance(obj, list):
        return [walk(fn, v) for v in obj]
    return obj


class PinnedLoader:
    def __init__(self, loader, device, depth=2):
        if depth < 1:
            raise ValueError(f"depth must be >= 1, got {depth}")
        self.loader = loader
        self.device = torch.device(device)
        self.depth = depth

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        if self.device.type == "cpu" or not torch.cuda.is_available():
            for batch in self.loader:
                yield batch
            return
        slots = threading.Semaphore(self.depth + 1)
        leave = threading.Event()
        pinned = queue.Queue()
        thread = threading.Thread(target=self._pin, args=(slots, leave, pinned), daemon=True)
        thread.start()
        side = torch.cuda.Stream(self.device)
        on_device = deque()
        last = None
        try:
            while True:
                while last is None and len(on_device) < self.depth + 1:
                    kind, item = pinned.get()
                    if kind != BATCH:
                        last = (kind, item)
                        break
                    with torch.cuda.stream(side):
                        moved = walk(lambda t: t.cuda(self.device, non_blocking=True), item)
                    event = torch.cuda.Event()
                    event.record(side)
                    on_device.append((moved, event))
                if not on_device:
                    if last[0] == ERROR:
                        raise last[1]
                    return
                moved, event = on_device.popleft()
                now = torch.cuda.current_stream()
                event.wait(now)
                walk(lambda t: t.record_stream(now), moved)
                yield moved
                slots.release()
        finally:
            leave.set()
            slots.release()
            thread.join()

    def _pin(self, slots, leave, pinned):
        source = iter(self.loader)
        while True:
            slots.acquire()
            if leave.is_set():
                return
            try:
                batch = next(source)
                pinned.put((BATCH, walk(lambda t: t.pin_memory(), batch)))
            except StopIteration:
                pinned.put((END, None))
                return
            except Exception as error:
                pinned.put((ERROR, error))
                return
