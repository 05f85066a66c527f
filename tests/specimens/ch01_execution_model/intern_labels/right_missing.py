# right: a dict that interns what it does not have; a new one for each call
import sys


class Table(dict):
    def __missing__(self, label):
        self[label] = found = sys.intern(label)
        return found


def intern_labels(labels):
    return [*map(Table().__getitem__, labels)]
