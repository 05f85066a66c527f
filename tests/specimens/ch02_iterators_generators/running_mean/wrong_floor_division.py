# wrong: whole numbers only  [test_mean_so_far]
def running_mean(values):
    total = 0
    for n, value in enumerate(values, 1):
        total += value
        yield total // n
