# wrong: the call itself takes the first value  [test_one_value_for_each_mean]
import itertools


def running_mean(values):
    source = iter(values)
    first = list(itertools.islice(source, 1))

    def rest():
        total = 0.0
        for n, value in enumerate(itertools.chain(first, source), 1):
            total += value
            yield total / n

    return rest()
