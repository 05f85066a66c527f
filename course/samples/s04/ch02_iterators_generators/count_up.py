class CountUp:
    def __init__(self, limit):
        if type(limit) is not int:
            raise TypeError(f"limit: {limit!r}")
        self.source = iter(range(1, limit + 1))

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.source)
