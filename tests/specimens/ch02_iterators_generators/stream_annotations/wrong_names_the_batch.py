# wrong: the message has the number of the batch, not of the line  [test_bad_line_is_named]
import gzip
import json
import os
from itertools import count, islice


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    os.stat(path)
    return _generate(os.fspath(path), batch_size)


def _generate(path, size):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        lines = filter(str.strip, file)
        for number in count(1):
            chunk = list(islice(lines, size))
            if not chunk:
                return
            try:
                batch = [json.loads(line) for line in chunk]
            except ValueError as error:
                raise ValueError(f"{path}, batch {number}: {error}") from error
            yield batch
