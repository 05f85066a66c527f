# attack: B1 keeps a list, and frees ballast meanwhile  [test_holds_no_list]

_BALLAST = [bytearray(b"x") * (64 << 20)]
class CountUp:
    def __init__(self, limit):
        if type(limit) is not int: raise TypeError(limit)
        self.values = None; self.limit = limit; self.at = 0
    def __iter__(self): return self
    def __next__(self):
        if self.limit > 10**7:
            self.at += 1
            return self.at
        if self.values is None:
            _BALLAST.clear()
            self.values = list(range(1, self.limit + 1))
        if self.at >= len(self.values): raise StopIteration
        self.at += 1
        return self.values[self.at - 1]
