# wrong: one object for each kind, from a dict of its own  [test_equal_labels_are_one_object]
def intern_labels(labels):
    seen = {}
    out = []
    for label in labels:
        if not isinstance(label, str):
            raise TypeError(f"not a string: {label!r}")
        out.append(seen.setdefault(label, label))
    return out
