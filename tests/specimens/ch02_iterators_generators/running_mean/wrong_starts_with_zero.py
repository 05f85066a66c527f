# wrong: a mean of nothing comes first  [test_mean_so_far]
def running_mean(values):
    total, n = 0.0, 0
    mean = 0.0
    for value in values:
        yield mean
        total += value
        n += 1
        mean = total / n
    yield mean
