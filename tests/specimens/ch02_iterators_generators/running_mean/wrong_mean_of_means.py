# wrong: the mean of the last mean and the new value  [test_mean_so_far]
def running_mean(values):
    mean = None
    for value in values:
        mean = float(value) if mean is None else (mean + value) / 2
        yield mean
