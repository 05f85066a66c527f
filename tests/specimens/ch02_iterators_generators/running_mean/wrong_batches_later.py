# wrong: once the stream has got going it takes eight at a time  [test_one_value_for_each_mean]
from itertools import islice


def running_mean(values):
    stream = iter(values)
    total = count = 0
    while batch := list(islice(stream, 1 if count < 100 else 8)):
        for value in batch:
            total += value
            count += 1
            yield total / count
