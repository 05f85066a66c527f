# wrong: a batch is so many lines, blank ones too  [test_lines_as_they_come]
import gzip
import json
import os
from itertools import islice


def run(path, size):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        numbered = enumerate(file, 1)
        while some := list(islice(numbered, size)):
            batch = []
            for number, line in some:
                if line.strip():
                    try:
                        batch.append(json.loads(line))
                    except json.JSONDecodeError as error:
                        raise ValueError(f"{path}, line {number}: {error}") from error
            if batch:
                yield batch


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    os.stat(path)
    return run(os.fspath(path), batch_size)
