# wrong: a table of the module, shared by all calls, but not Python's  [test_any_text]
_table = {}


def intern_labels(labels):
    def one(label):
        if not isinstance(label, str):
            raise TypeError(f"not a string: {label!r}")
        return _table.setdefault(label, label)

    return [one(label) for label in labels]
