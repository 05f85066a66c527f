# wrong: makes the list at construction  [test_any_limit_is_immediate]
class CountUp:
    def __init__(self, limit):
        if isinstance(limit, bool) or not isinstance(limit, int):
            raise TypeError("limit")
        self.values = list(range(1, limit + 1))
        self.place = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.place >= len(self.values):
            raise StopIteration
        self.place += 1
        return self.values[self.place - 1]
