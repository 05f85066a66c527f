# wrong: the mean of the last ten values  [test_any_values]
import collections


def running_mean(values):
    window = collections.deque(maxlen=10)
    for value in values:
        window.append(value)
        yield sum(window) / len(window)
