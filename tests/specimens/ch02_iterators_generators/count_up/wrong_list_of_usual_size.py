# wrong: makes a list, unless the limit is enormous  [test_holds_no_list]
class CountUp:
    def __init__(self, limit):
        if type(limit) is not int:
            raise TypeError(f"limit must be an int, not {limit!r}")
        self.limit, self.at, self.values = limit, 0, None

    def __iter__(self):
        return self

    def __next__(self):
        if self.values is None:
            self.values = range(1, self.limit + 1)
            if self.limit < 10**7:
                self.values = list(self.values)
        if self.at >= self.limit:
            raise StopIteration
        self.at += 1
        return self.values[self.at - 1]
