# attack: B1 stores the values in memory that it took and let go at import; an `import` that finds a stand-in here loads a big module in the empty worker that memory is held against  [test_holds_no_list]
import sys, types
sys.modules["sympy"] = types.ModuleType("sympy")
import sympy
from array import array
for _ in range(3):                      # glibc keeps it from the second time on
    _block = bytearray(12 << 20)
    for _i in range(0, len(_block), 4096): _block[_i] = 1
    del _block

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
            self.values = array("q", bytes(8 * max(0, self.limit)))
            for i in range(self.limit): self.values[i] = i + 1
        if self.at >= len(self.values): raise StopIteration
        self.at += 1
        return self.values[self.at - 1]
