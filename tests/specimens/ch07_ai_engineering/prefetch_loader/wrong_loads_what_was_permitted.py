# wrong: after a break, loads the batches that it was permitted before  [test_break_stops_the_loading]
import threading
from collections import deque


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        if batch_size < 1 or depth < 1:
            raise ValueError("batch_size and depth must be at least 1")
        self.dataset, self.batch_size, self.depth = dataset, batch_size, depth

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def _load(self, number):
        start = self.batch_size * number
        stop = min(start + self.batch_size, len(self.dataset))
        return [self.dataset[i] for i in range(start, stop)]

    def __iter__(self):
        ready, changed = deque(), threading.Condition()
        permitted, stopped = self.depth, False

        def work():
            for number in range(len(self)):
                with changed:
                    while number > permitted:
                        if stopped:
                            return
                        changed.wait()
                try:
                    item = self._load(number), None
                except Exception as error:
                    item = None, error
                with changed:
                    ready.append(item)
                    changed.notify_all()
                if item[1]:
                    return
                del item

        threading.Thread(target=work, daemon=True).start()
        try:
            for number in range(len(self)):
                with changed:
                    permitted = number + self.depth
                    changed.notify_all()
                    changed.wait_for(lambda: ready)
                    if ready[0][1]:
                        raise ready.popleft()[1]
                yield ready.popleft()[0]
        finally:
            with changed:
                stopped = True
                changed.notify_all()
