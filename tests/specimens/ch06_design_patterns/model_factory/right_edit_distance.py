# right: an edit distance of its own, all names listed with the nearest first, names() a generator
from functools import cache


def distance(a, b):
    @cache
    def cost(i, j):
        if not i or not j:
            return i + j
        return min(
            cost(i - 1, j) + 1,
            cost(i, j - 1) + 1,
            cost(i - 1, j - 1) + (a[i - 1] != b[j - 1]),
        )

    return cost(len(a), len(b))


class ModelFactory:
    def __init__(self):
        self.entries = []

    def find(self, name):
        for known, cls in self.entries:
            if known == name:
                return cls
        return None

    def register(self, name):
        def store(cls):
            if self.find(name) is not None:
                raise ValueError("duplicate model name: " + name)
            self.entries.append((name, cls))
            return cls

        return store

    def create(self, name, **options):
        cls = self.find(name)
        if cls is None:
            ordered = sorted(self.names(), key=lambda known: distance(known, name))
            raise ValueError(f"no model {name}; available, most similar first: {ordered}")
        return cls(**options)

    def names(self):
        for name, _ in self.entries:
            yield name
