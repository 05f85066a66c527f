# wrong: the sum is exact, the mean is handed over as a float32  [test_precision]
import array


def running_mean(values):
    total = 0.0
    box = array.array("f", [0.0])
    for n, value in enumerate(values, 1):
        total += value
        box[0] = total / n
        yield box[0]
