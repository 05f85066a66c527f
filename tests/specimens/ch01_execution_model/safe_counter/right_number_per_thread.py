# right: each thread writes to a number of its own; reading adds them up
import threading


class SafeCounter:
    def __init__(self, start=0):
        self.start = start
        self.parts = {}

    def add(self, n=1):
        me = threading.get_ident()
        self.parts[me] = self.parts.get(me, 0) + n

    @property
    def value(self):
        return self.start + sum(list(self.parts.values()))
