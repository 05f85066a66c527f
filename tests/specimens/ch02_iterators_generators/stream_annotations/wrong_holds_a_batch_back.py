# wrong: holds each full batch back until the next one is full, so a bad line loses both  [test_bad_line_when_reached]
import gzip
import json
import os
from itertools import islice


def parse(file, path):
    for number, line in enumerate(file, 1):
        if line.isspace():
            continue
        try:
            yield json.loads(line)
        except ValueError as error:
            raise ValueError(f"{path}, line {number}: {error}") from error


def generate(path, size):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        rows = parse(file, path)
        ready = list(islice(rows, size))
        while ready:
            following = list(islice(rows, size))
            yield ready
            ready = following


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    os.stat(path)
    return generate(os.fspath(path), batch_size)
