# wrong: a list of means, made in the call  [test_one_value_for_each_mean]
def running_mean(values):
    means, total = [], 0.0
    for value in values:
        total += value
        means.append(total / (len(means) + 1))
    return iter(means)
