# right: an inner generator, and a cache around sys.intern for the life of the process
import functools
import sys

_intern = functools.lru_cache(maxsize=None)(sys.intern)


def intern_labels(labels):
    def each():
        for label in labels:
            if type(label) is not str:
                raise TypeError("not a str: " + repr(label))
            yield _intern(label)

    out = []
    out.extend(each())
    return out
