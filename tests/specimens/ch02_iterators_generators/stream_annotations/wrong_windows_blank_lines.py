# wrong: takes an empty line of a Windows file for a bad line  [test_lines_as_they_come]
import gzip
import json
import os


def generate(path, size):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as file:
        batch = []
        for number, line in enumerate(file, 1):
            if not line.strip(b" \t\n"):
                continue
            try:
                batch.append(json.loads(line))
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error
            if len(batch) == size:
                yield batch
                batch = []
        if batch:
            yield batch


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    os.stat(path)
    return generate(os.fspath(path), batch_size)
