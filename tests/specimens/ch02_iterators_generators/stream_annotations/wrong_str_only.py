# wrong: endswith on whatever was given, which a Path has not  [test_gzip]
import gzip
import json
from itertools import islice


def parse(file, path):
    for number, line in enumerate(file, 1):
        if line.strip():
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error
            yield row


def run(file, path, size):
    with file:
        rows = parse(file, path)
        while batch := list(islice(rows, size)):
            yield batch


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    opener = gzip.open if path.endswith(".gz") else open
    return run(opener(path, "rt", encoding="utf-8"), path, batch_size)
