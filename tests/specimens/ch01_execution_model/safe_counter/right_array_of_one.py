# right: an array of one Python int, changed under a condition; __setattr__ refuses everything
import threading

import numpy as np


class SafeCounter:
    def __init__(self, start=0):
        cell = np.empty(1, dtype=object)
        cell[0] = start
        object.__setattr__(self, "cell", cell)
        object.__setattr__(self, "changed", threading.Condition(threading.Lock()))

    def __setattr__(self, name, value):
        raise AttributeError(f"{type(self).__name__}.{name} cannot be set")

    def __getattr__(self, name):
        if name != "value":
            raise AttributeError(name)
        with self.changed:
            return self.cell.item()

    def add(self, n=1):
        with self.changed:
            np.add(self.cell, n, out=self.cell)
            self.changed.notify_all()
