# right: an iterator class that asks its source in __next__
class running_mean:
    def __init__(self, values):
        self._source = iter(values)
        self._sum, self._count = 0.0, 0

    def __iter__(self):
        return self

    def __next__(self):
        self._sum += next(self._source)
        self._count += 1
        return self._sum / self._count
