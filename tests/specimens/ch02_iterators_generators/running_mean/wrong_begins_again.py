# wrong: after the end it is ready for another round  [test_independent]
class running_mean:
    def __init__(self, values):
        self.values = values
        self._begin()

    def _begin(self):
        self.stream = iter(self.values)
        self.total = self.count = 0

    def __iter__(self):
        return self

    def __next__(self):
        try:
            self.total += next(self.stream)
        except StopIteration:
            self._begin()
            raise
        self.count += 1
        return self.total / self.count
