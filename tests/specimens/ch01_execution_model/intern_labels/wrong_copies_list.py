# wrong: a new list of the same objects  [test_keeps_ten_strings]
def intern_labels(labels):
    out = list(labels)
    for label in out:
        if not isinstance(label, str):
            raise TypeError(f"not a string: {label!r}")
    return out
