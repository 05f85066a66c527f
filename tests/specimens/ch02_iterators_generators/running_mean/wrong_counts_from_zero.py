# wrong: divides by one too few, from the second value on  [test_mean_so_far]
def running_mean(values):
    total = 0.0
    for n, value in enumerate(values):
        total += value
        yield total / (n or 1)
