# wrong: hands over full batches only  [test_every_row_in_batches]
import gzip
import json
import os


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    os.stat(path)
    return read(str(path), batch_size)


def read(path, batch_size):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        batch = []
        for number, line in enumerate(file, start=1):
            if line.strip():
                try:
                    batch.append(json.loads(line))
                except ValueError as error:
                    raise ValueError(f"{path}:{number}: {error}") from error
            if len(batch) == batch_size:
                yield batch
                batch = []
