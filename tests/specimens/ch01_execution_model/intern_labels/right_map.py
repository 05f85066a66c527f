# right: map, handed to list
from sys import intern


def intern_labels(labels):
    return list(map(intern, labels))
