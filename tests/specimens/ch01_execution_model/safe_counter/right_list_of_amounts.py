# right: appends, which is one step, and sums up on reading
class SafeCounter:
    def __init__(self, start=0):
        self._amounts = [start]

    def add(self, n=1):
        self._amounts.append(n)

    value = property(lambda self: sum(self._amounts), doc="The sum of all amounts so far.")
