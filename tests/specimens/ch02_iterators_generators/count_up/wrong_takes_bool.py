# wrong: isinstance alone lets True through  [test_refuses_what_is_no_int]
class CountUp:
    def __init__(self, limit):
        if not isinstance(limit, int):
            raise TypeError("limit")
        self.limit = limit
        self.current = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.current >= self.limit:
            raise StopIteration
        self.current += 1
        return self.current
