# wrong: takes all values at once, unless they come from an object that counts  [test_one_value_for_each_mean]
def running_mean(values):
    source = iter(values)
    if hasattr(source, "__length_hint__"):
        source = iter(list(source))
    total = 0.0
    for count, value in enumerate(source, 1):
        total += value
        yield total / count
