# wrong: a map over batches, which has no close()  [test_file_is_closed]
import gzip
import json
import os
from itertools import islice


def parse(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    row = json.loads(line)
                except json.JSONDecodeError as error:
                    raise ValueError(f"{path}, line {number}: {error}") from error
                yield row


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    os.stat(path)
    rows = parse(os.fspath(path))
    return iter(lambda: list(islice(rows, batch_size)), [])
