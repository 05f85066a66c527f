# right: small generators in a row, wrapped in an object that closes them
import codecs
import gzip
import json
from collections.abc import Iterator
from itertools import count, islice


def _lines(path):
    binary = gzip.open(path, "rb") if str(path).endswith(".gz") else open(path, "rb")
    try:
        reader = codecs.getincrementaldecoder("utf-8")()
        for raw in binary:
            yield reader.decode(raw)
    finally:
        binary.close()


def _parsed(path, lines):
    for line, number in zip(lines, count(1)):
        if not line.isspace():
            try:
                value = json.JSONDecoder().decode(line.strip())
            except json.JSONDecodeError as bad:
                raise ValueError(path, number, bad.msg)
            yield value


class Closing(Iterator):
    def __init__(self, batches, *owned):
        self._batches, self._owned = batches, owned

    def __next__(self):
        try:
            return next(self._batches)
        except BaseException:
            self.close()
            raise

    def close(self):
        for generator in self._owned:
            generator.close()


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least one")
    with open(path, "rb"):
        pass
    lines = _lines(path)
    rows = _parsed(path, lines)
    batches = iter(lambda: list(islice(rows, batch_size)), [])
    return Closing(batches, rows, lines)
