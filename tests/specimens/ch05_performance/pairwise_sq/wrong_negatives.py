# wrong: leaves below zero what rounding has left there  [test_never_negative]


def pairwise_sq(a, b):
    centre = b.mean(axis=0)
    x, y = a - centre, b - centre
    return (x**2).sum(1, keepdims=True) + (y**2).sum(1) - 2 * x @ y.T
