# right: one closure for each kind of data; each call hands out a copy of its own
import numpy


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count={count}")
    if isinstance(data, list):
        kept = tuple(row for row, _ in zip(data, range(count)))

        def load():
            return list(kept)
    else:
        kept = numpy.take(data, numpy.arange(count), axis=0)

        def load():
            return kept.copy()

    return load
