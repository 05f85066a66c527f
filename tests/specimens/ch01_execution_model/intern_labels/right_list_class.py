# right: a class of lists that intern what is put into them
import sys


class InternedList(list):
    def append(self, label):
        if not isinstance(label, str):
            raise TypeError(f"label must be a str, not {label!r}")
        super().append(sys.intern(label))


def intern_labels(labels):
    result = InternedList()
    for label in labels:
        result.append(label)
    return result
