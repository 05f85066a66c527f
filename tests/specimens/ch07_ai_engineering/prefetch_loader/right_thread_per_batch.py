# right: a short-lived thread for each batch, each of which fills its own future
from concurrent.futures import Future
from itertools import islice
from threading import Thread


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        if int(batch_size) <= 0:
            raise ValueError(f"batch_size: {batch_size}")
        if int(depth) <= 0:
            raise ValueError(f"depth: {depth}")
        self.dataset = dataset
        self.batch_size = batch_size
        self.depth = depth

    def __len__(self):
        whole, rest = divmod(len(self.dataset), self.batch_size)
        return whole + bool(rest)

    def _begin(self, number):
        batch = Future()

        def run():
            start = number * self.batch_size
            indices = range(len(self.dataset))[start : start + self.batch_size]
            try:
                batch.set_result([self.dataset[i] for i in indices])
            except BaseException as error:
                batch.set_exception(error)

        Thread(target=run, daemon=True).start()
        return batch

    def __iter__(self):
        begun = map(self._begin, range(len(self)))
        ahead = list(islice(begun, self.depth))
        while ahead:
            batch = ahead.pop(0).result()
            ahead += islice(begun, 1)
            yield batch
            del batch
