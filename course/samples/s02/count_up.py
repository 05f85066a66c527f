class CountUp:
    __slots__ = ("limit", "left")

    def __init__(self, limit):
        if not isinstance(limit, int) or limit is True or limit is False:
            raise TypeError("limit must be int, not %s" % type(limit).__name__)
        self.limit = self.left = max(limit, 0)

    def __iter__(self):
        return self

    def __next__(self):
        if not self.left:
            raise StopIteration()
        self.left -= 1
        return self.limit - self.left
