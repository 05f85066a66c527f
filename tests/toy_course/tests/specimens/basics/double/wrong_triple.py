# wrong: triples  [test_two]
def double(x):
    return x * 3
