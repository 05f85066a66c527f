# wrong: slices what it was given  [test_any_values]
def running_mean(values):
    for n in range(1, len(values) + 1):
        yield float(sum(values[:n]) / n)
