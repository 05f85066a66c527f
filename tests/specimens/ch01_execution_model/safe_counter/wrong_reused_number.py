# wrong: a new thread starts at 0 under its number, which one that has ended may have had  [test_nothing_is_lost]
import threading


class SafeCounter:
    def __init__(self, start=0):
        self._start = start
        self._known = threading.local()
        self._shares = {}

    def add(self, n=1):
        me = threading.get_ident()
        if not hasattr(self._known, "yes"):
            self._known.yes = True
            self._shares[me] = 0
        self._shares[me] += n

    @property
    def value(self):
        return self._start + sum(list(self._shares.values()))
