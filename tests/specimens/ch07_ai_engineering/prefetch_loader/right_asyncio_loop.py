# right: an executor and a deque of futures, results awaited on an event loop of the iterator's own
import asyncio
import collections
import concurrent.futures
import contextlib


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        if batch_size < 1 or depth < 1:
            raise ValueError(f"batch_size={batch_size} and depth={depth} must be at least 1")
        self.dataset = dataset
        self.batch_size = batch_size
        self.depth = depth

    def __len__(self):
        return (len(self.dataset) + self.batch_size - 1) // self.batch_size

    def _load(self, number):
        start = number * self.batch_size
        return [self.dataset[i] for i in range(start, min(start + self.batch_size, len(self.dataset)))]

    def __iter__(self):
        with contextlib.ExitStack() as stack:
            loop = asyncio.new_event_loop()
            stack.callback(loop.close)
            pool = concurrent.futures.ThreadPoolExecutor(1)
            stack.callback(pool.shutdown, wait=True, cancel_futures=True)
            flying = collections.deque()
            numbers = iter(range(len(self)))

            def top_up(most):
                while len(flying) < most and (n := next(numbers, None)) is not None:
                    flying.append(pool.submit(self._load, n))

            async def result(future):
                return await asyncio.wrap_future(future)

            top_up(self.depth + 1)
            while flying:
                future = flying.popleft()
                batch = loop.run_until_complete(result(future))
                del future
                top_up(self.depth)
                yield batch
                del batch
                top_up(self.depth + 1)
