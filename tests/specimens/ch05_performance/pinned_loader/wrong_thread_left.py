# wrong: a thread that hangs in a bounded queue after a break  [test_leaves_no_thread]
import queue
import threading
from collections import deque

import torch
from torch.utils._pytree import tree_map_only


class PinnedLoader:
    def __init__(self, loader, device, depth=2):
        if depth < 1:
            raise ValueError("depth must be >= 1")
        self.loader, self.device, self.depth = loader, torch.device(device), depth

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        if self.device.type == "cpu" or not torch.cuda.is_available():
            return iter(self.loader)
        return self._ahead()

    def _ahead(self):
        wanted, pinned = queue.Queue(), queue.Queue(1)

        def pin():
            source = iter(self.loader)
            while True:
                wanted.get()
                try:
                    batch = next(source)
                except StopIteration:
                    return pinned.put((None, None))
                except Exception as error:
                    return pinned.put((None, error))
                pinned.put((tree_map_only(torch.Tensor, torch.Tensor.pin_memory, batch), None))

        threading.Thread(target=pin, daemon=True).start()
        side, line, end, error = torch.cuda.Stream(), deque(), False, None
        while True:
            while not end and len(line) <= self.depth:
                wanted.put(1)
                batch, error = pinned.get()
                if batch is None:
                    end = True
                    break
                with torch.cuda.stream(side):
                    moved = tree_map_only(
                        torch.Tensor, lambda t: t.to(self.device, non_blocking=True), batch
                    )
                    line.append((moved, side.record_event()))
            if not line:
                break
            moved, event = line.popleft()
            stream = torch.cuda.current_stream()
            stream.wait_event(event)
            tree_map_only(torch.Tensor, lambda t: t.record_stream(stream), moved)
            yield moved
        if error:
            raise error
