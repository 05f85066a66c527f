# right: fills a list of the right length by place, after a first look at all labels
import sys


def intern_labels(labels):
    given = tuple(labels)
    out = [""] * len(given)
    for place in range(len(given)):
        label = given[place]
        try:
            out[place] = sys.intern(label)
        except TypeError:
            raise TypeError(f"labels[{place}] is {label!r}, not a string") from None
    return out
