# wrong: one mean, at the end  [test_mean_so_far]
def running_mean(values):
    total = n = 0
    for value in values:
        total += value
        n += 1
    if n:
        yield total / n
