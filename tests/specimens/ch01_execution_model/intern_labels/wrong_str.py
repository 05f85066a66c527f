# wrong: str(label), which converts what is no string and shares nothing  [test_non_string_is_refused]
def intern_labels(labels):
    return [str(label) for label in labels]
