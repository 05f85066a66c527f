# wrong: a list of all the futures there ever were  [test_keeps_nothing]
from concurrent.futures import ThreadPoolExecutor


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        if batch_size < 1 or depth < 1:
            raise ValueError("batch_size and depth must be at least 1")
        self.dataset, self.batch_size, self.depth = dataset, batch_size, depth

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def __iter__(self):
        pool, jobs, given = ThreadPoolExecutor(1), [], 0

        def load(start):
            stop = min(start + self.batch_size, len(self.dataset))
            return [self.dataset[i] for i in range(start, stop)]

        try:
            for start in range(0, len(self.dataset), self.batch_size):
                jobs.append(pool.submit(load, start))
                if len(jobs) - given > self.depth:
                    given += 1
                    yield jobs[given - 1].result()
            for job in jobs[given:]:
                yield job.result()
        finally:
            pool.shutdown(cancel_futures=True)
