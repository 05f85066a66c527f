# wrong: writes into the list that was given and returns it  [test_input_is_left_alone]
import sys


def intern_labels(labels):
    if not isinstance(labels, list):
        labels = list(labels)
    for place, label in enumerate(labels):
        labels[place] = sys.intern(label)
    return labels
