# wrong: drops rows that are falsy, {} among them  [test_lines_as_they_come]
import gzip
import json
import os


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    if not os.path.exists(path):
        raise FileNotFoundError(path)
    return _batches(path, batch_size)


def _batches(path, batch_size):
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as f:
        batch = []
        for number, line in enumerate(f, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as e:
                raise ValueError(f"{path}:{number}: {e}") from e
            if not row:
                continue
            batch.append(row)
            if len(batch) == batch_size:
                yield batch
                batch = []
        if batch:
            yield batch
