# wrong: looks for bad lines in the whole file at the call  [test_bad_line_when_reached]
import gzip
import json
import os


def lines(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, line


def generate(path, size):
    batch = []
    for _, line in lines(path):
        batch.append(json.loads(line))
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    path = os.fspath(path)
    for number, line in lines(path):
        try:
            json.loads(line)
        except ValueError as error:
            raise ValueError(f"{path}, line {number}: {error}") from error
    return generate(path, size=batch_size)
