# wrong: takes its values in pairs  [test_one_value_for_each_mean]
def running_mean(values):
    source = iter(values)
    pending = []
    total, n = 0.0, 0
    while True:
        if not pending:
            for value in source:
                pending.append(value)
                if len(pending) == 2:
                    break
            if not pending:
                return
        total += pending.pop(0)
        n += 1
        yield total / n
