# wrong: sum and count belong to the module  [test_independent]
total = count = 0


def running_mean(values):
    global total, count
    total = count = 0
    for value in values:
        total += value
        count += 1
        yield total / count
