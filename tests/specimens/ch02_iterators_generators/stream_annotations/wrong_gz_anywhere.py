# wrong: looks for .gz anywhere in the name  [test_gzip]
import gzip
import json
import os
from itertools import islice


def parse(file, path):
    for number, line in enumerate(file, 1):
        if line.strip():
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error
            yield row


def run(path, size):
    opener = gzip.open if ".gz" in os.path.basename(path) else open
    with opener(path, "rt", encoding="utf-8") as file:
        rows = parse(file, path)
        while batch := list(islice(rows, size)):
            yield batch


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    os.stat(path)
    return run(path, batch_size)
