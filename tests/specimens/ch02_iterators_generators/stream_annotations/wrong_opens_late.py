# wrong: checks batch_size at the call, but not that the file is there  [test_fails_at_the_call]
import gzip
import json
from itertools import islice


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")

    def rows(file):
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise ValueError(f"{path}, line {number}") from error
                yield row

    def batches():
        opener = gzip.open if str(path).endswith(".gz") else open
        with opener(path, "rt", encoding="utf-8") as file:
            source = rows(file)
            while batch := list(islice(source, batch_size)):
                yield batch

    return batches()
