# wrong: a thread with a queue of depth, which holds one more batch while it waits  [test_any_depth]
import queue
import threading

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
            yield from self.loader
            return
        side, line, leave = torch.cuda.Stream(), queue.Queue(self.depth + 1), threading.Event()

        def put(item):
            while not leave.is_set():
                try:
                    return line.put(item, timeout=0.01)
                except queue.Full:
                    continue

        def work():
            try:
                for batch in self.loader:
                    with torch.cuda.stream(side):
                        moved = tree_map_only(
                            torch.Tensor,
                            lambda t: t.pin_memory().to(self.device, non_blocking=True),
                            batch,
                        )
                        event = side.record_event()
                    put((moved, event, None))
                    if leave.is_set():
                        return
                put((None, None, None))
            except Exception as error:
                put((None, None, error))

        thread = threading.Thread(target=work)
        thread.start()
        try:
            while True:
                moved, event, error = line.get()
                if error:
                    raise error
                if event is None:
                    return
                stream = torch.cuda.current_stream()
                stream.wait_event(event)
                tree_map_only(torch.Tensor, lambda t: t.record_stream(stream), moved)
                yield moved
        finally:
            leave.set()
            thread.join()
