# wrong: for each batch the file is read again from its start  [test_speed]
import gzip
import json
import os


def one_batch(path, start, size):
    opener = gzip.open if path.endswith(".gz") else open
    rows, seen = [], 0
    with opener(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            seen += 1
            if seen <= start:
                continue
            try:
                rows.append(json.loads(line))
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error
            if len(rows) == size:
                break
    return rows


def generate(path, size):
    start = 0
    while batch := one_batch(path, start, size):
        yield batch
        start += len(batch)


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    os.stat(path)
    return generate(os.fspath(path), batch_size)
