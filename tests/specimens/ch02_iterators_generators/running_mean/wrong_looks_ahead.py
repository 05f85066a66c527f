# wrong: asks for the next value before it hands over a mean  [test_one_value_for_each_mean]
def running_mean(values):
    source = iter(values)
    total, n = 0.0, 0
    try:
        value = next(source)
    except StopIteration:
        return
    more = True
    while more:
        total += value
        n += 1
        try:
            value = next(source)
        except StopIteration:
            more = False
        yield total / n
