# wrong: decompresses a .gz file in one go  [test_holds_a_batch_not_the_file]
import gzip
import io
import json
from itertools import islice
from pathlib import Path


def text_of(path):
    if path.suffix == ".gz":
        return io.TextIOWrapper(io.BytesIO(gzip.decompress(path.read_bytes())), encoding="utf-8")
    return path.open(encoding="utf-8")


def parse(path, file):
    for number, line in enumerate(file, 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError:
                raise ValueError(f"bad line {number} in {path}")
            yield row


def batches(path, size):
    with text_of(path) as file:
        rows = parse(path, file)
        while batch := list(islice(rows, size)):
            yield batch


def stream_annotations(path, batch_size=32):
    path = Path(path)
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    path.stat()
    return batches(path, batch_size)
