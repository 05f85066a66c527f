# wrong: an iterable whose __iter__ is a generator, not an iterator  [test_is_its_own_iterator]
class CountUp:
    def __init__(self, limit):
        if isinstance(limit, bool) or not isinstance(limit, int):
            raise TypeError("limit")
        self.limit = limit

    def __iter__(self):
        n = 1
        while n <= self.limit:
            yield n
            n += 1
