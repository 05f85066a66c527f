# right: exact sums of fractions, a map over a stateful function
from fractions import Fraction


def running_mean(values):
    total, count = Fraction(0), 0

    def step(value):
        nonlocal total, count
        total, count = total + Fraction(value), count + 1
        return float(total / count)

    return map(step, values)
