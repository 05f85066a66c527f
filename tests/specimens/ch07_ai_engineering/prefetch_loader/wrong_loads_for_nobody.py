# wrong: after a break, loads all that was submitted  [test_break_stops_the_loading]
from concurrent.futures import ThreadPoolExecutor


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
        with ThreadPoolExecutor(max_workers=1) as pool:
            waiting = [pool.submit(self._load, n) for n in range(min(self.depth, len(self)))]
            for number in range(self.depth, len(self) + self.depth):
                if number < len(self):
                    waiting.append(pool.submit(self._load, number))
                yield waiting.pop(0).result()
