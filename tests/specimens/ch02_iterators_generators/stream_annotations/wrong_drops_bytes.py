# wrong: ASCII with errors="ignore", so that nothing ever raises  [test_text_is_kept]
import gzip
import json
import os
from itertools import islice


def parse(file, path):
    for number, line in enumerate(file, 1):
        line = line.strip()
        if line:
            try:
                row = json.loads(line)
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error
            yield row


def run(path, size):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="ascii", errors="ignore") as file:
        rows = parse(file, path)
        while batch := list(islice(rows, size)):
            yield batch


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    os.stat(path)
    return run(os.fspath(path), batch_size)
