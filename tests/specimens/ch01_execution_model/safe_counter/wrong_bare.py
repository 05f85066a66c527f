# wrong: += without a lock  [test_nothing_is_lost]
class SafeCounter:
    def __init__(self, start=0):
        self._value = start

    def add(self, n=1):
        self._value += n

    @property
    def value(self):
        return self._value
