# right: multiplies
def double(x):
    return x * 2
