# wrong: ends one value before the stream does  [test_mean_so_far]
def running_mean(values):
    total, held, n = 0.0, None, 0
    for value in values:
        if held is not None:
            yield held
        total += value
        n += 1
        held = total / n
