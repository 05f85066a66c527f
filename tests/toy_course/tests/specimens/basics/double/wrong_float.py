# wrong: returns a float  [test_two]
def double(x):
    return x * 2.0
