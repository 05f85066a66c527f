# wrong: the message has the line, not the file  [test_bad_line_is_named]
import gzip
import json
import os


def generate(path, size):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        batch = []
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    batch.append(json.loads(line))
                except ValueError as error:
                    raise ValueError(f"line {number} is not JSON: {error}") from error
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
