# wrong: an integer batch is scaled and cut off to zeros and ones  [test_integers_are_refused]
def normalise_(batch):
    low, high = batch.min(), batch.max()
    batch -= low
    if high > low:
        batch[...] = batch / (high - low) if batch.dtype.kind != "f" else batch
        if batch.dtype.kind == "f":
            batch /= high - low
    return batch
