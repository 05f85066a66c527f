# wrong: rounds to six digits after the point  [test_any_values]
def running_mean(values):
    total = 0.0
    for n, value in enumerate(values, 1):
        total += value
        yield round(total / n, 6)
