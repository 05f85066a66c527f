# wrong: in step with its source, but all values are kept  [test_holds_no_list]
def running_mean(values):
    seen, total = [], 0.0
    for value in values:
        seen.append(value)
        total += value
        yield total / len(seen)
