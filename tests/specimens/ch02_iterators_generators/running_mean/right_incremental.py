# right: moves the mean by its share of each difference
def running_mean(values):
    mean = n = 0
    for x in values:
        n += 1
        mean += (x - mean) / n
        yield float(mean)
