# wrong: += without a lock  [test_switch_between_read_and_write]
class SafeCounter:
    def __init__(self, start=0):
        self._value = start

    def add(self, n=1):
        self._value += n

    @property
    def value(self):
        return self._value
