# right: the count is a 0-d tensor that grows in place
import torch


class CountUp:
    def __init__(self, limit):
        if type(limit) is bool or not isinstance(limit, int):
            raise TypeError(f"{limit!r} is no int")
        self.limit = limit
        self.seen = torch.zeros((), dtype=torch.int64)

    def __iter__(self):
        return self

    def __next__(self):
        if self.seen.item() >= self.limit:
            raise StopIteration
        self.seen += 1
        return self.seen.item()
