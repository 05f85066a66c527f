# wrong: an object to loop over, not an iterator  [test_mean_so_far]
class running_mean:
    def __init__(self, values):
        self.values = values

    def __iter__(self):
        total = 0.0
        for n, value in enumerate(self.values, 1):
            total += value
            yield total / n
