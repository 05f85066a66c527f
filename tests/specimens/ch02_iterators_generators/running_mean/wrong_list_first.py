# wrong: makes a list of all values first  [test_endless_values]
def running_mean(values):
    values = list(values)
    total = 0.0
    for n, value in enumerate(values, 1):
        total += value
        yield total / n
