# wrong: stops at the first zero  [test_any_values]
def running_mean(values):
    it = iter(values)

    def gen():
        total, n = 0.0, 0
        while value := next(it, None):
            total += float(value)
            n += 1
            yield total / n

    return gen()
