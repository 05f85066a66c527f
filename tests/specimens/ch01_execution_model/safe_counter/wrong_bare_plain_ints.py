# wrong: no lock, and ints of its own making  [test_nothing_is_lost]
class SafeCounter:
    def __init__(self, start=0):
        self.__value = int(start)

    def add(self, n=1):
        amount = int(n)
        self.__value = self.__value + amount

    @property
    def value(self):
        return self.__value
