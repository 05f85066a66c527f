# wrong: stores every value first, at the first next()  [test_holds_no_list]
class CountUp:
    def __init__(self, limit):
        if isinstance(limit, bool) or not isinstance(limit, int):
            raise TypeError("limit")
        self.limit = limit
        self.values = None

    def __iter__(self):
        return self

    def __next__(self):
        if self.values is None:
            self.values = list(range(min(self.limit, 10**7), 0, -1))
        if not self.values:
            raise StopIteration
        return self.values.pop()
