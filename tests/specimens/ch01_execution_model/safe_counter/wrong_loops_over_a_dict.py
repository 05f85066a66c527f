# wrong: goes through the threads' shares while new threads come  [test_reads_while_threads_add]
import threading


class SafeCounter:
    def __init__(self, start=0):
        self.start = start
        self.shares = {}

    def add(self, n=1):
        me = threading.get_ident()
        self.shares[me] = self.shares.get(me, 0) + n

    @property
    def value(self):
        total = self.start
        for share in self.shares.values():
            total += share
        return total
