# wrong: the unfinished batch lives in a default argument  [test_any_number_of_rows]
import gzip
import json
import os


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    os.stat(path)
    return _generate(os.fspath(path), batch_size)


def _generate(path, size, batch=[]):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                batch.append(json.loads(line))
            except ValueError as error:
                raise ValueError(f"{path}, line {number}") from error
            if len(batch) == size:
                yield list(batch)
                del batch[:]
        if batch:
            yield list(batch)
