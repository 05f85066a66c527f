# right: while True with next(), and a sum that keeps what rounding loses
def running_mean(values):
    source = iter(values)
    total = lost = 0.0
    count = 0
    while True:
        try:
            value = next(source)
        except StopIteration:
            return
        # Kahan's compensated sum.
        value -= lost
        bigger = total + value
        lost = (bigger - total) - value
        total = bigger
        count += 1
        yield total / count
