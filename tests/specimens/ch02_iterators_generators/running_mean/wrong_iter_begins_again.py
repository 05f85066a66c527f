# wrong: iter() begins again once all values are used up  [test_independent]
class running_mean:
    def __init__(self, values):
        self.values = values
        self.means = self._means()
        self.done = False

    def _means(self):
        total = 0.0
        for n, value in enumerate(self.values, 1):
            total += value
            yield total / n
        self.done = True

    def __iter__(self):
        if self.done:
            self.done = False
            self.means = self._means()
        return self

    def __next__(self):
        return next(self.means)
