# wrong: a whole mean becomes an int  [test_mean_so_far]
def running_mean(values):
    total = 0
    for n, value in enumerate(values, 1):
        total += value
        mean = total / n
        yield int(mean) if mean == int(mean) else mean
