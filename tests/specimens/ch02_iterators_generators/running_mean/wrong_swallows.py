# wrong: whatever ends the stream is taken for its end  [test_one_value_for_each_mean]
def running_mean(values):
    stream = iter(values)
    total = count = 0
    while True:
        try:
            total += next(stream)
        except Exception:
            return
        count += 1
        yield total / count
