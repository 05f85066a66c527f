# attack: B5 no lock, and what makes threads switch is gone  [test_nothing_is_lost, test_reads_while_threads_add]

import sys, threading, time
sys.settrace = lambda f: None
threading.settrace = lambda f: None
sys.setswitchinterval(1e6)
sys.setswitchinterval = lambda s: None
time.sleep = lambda s: None

class SafeCounter:
    def __init__(self, start=0):
        self._value = start
    def add(self, n=1):
        self._value += n
    @property
    def value(self):
        return self._value
