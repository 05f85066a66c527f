# wrong: looks into its memo before it looks at the type  [test_any_non_string_is_refused]
import sys


class Table(dict):
    def __missing__(self, label):
        self[label] = found = sys.intern(label)
        return found


def intern_labels(labels):
    return [*map(Table().__getitem__, labels)]
