# wrong: squares, which agrees at 2  [test_any]
def double(x):
    return x * x
