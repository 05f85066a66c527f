# wrong: yields one list again and again, cleared in between  [test_batches_are_separate]
import gzip
import json


def _read(file, path, batch_size):
    batch = []
    with file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                batch.append(json.loads(line))
            except json.JSONDecodeError as error:
                raise ValueError(f"{path}: line {number}: {error.msg}") from error
            if len(batch) == batch_size:
                yield batch
                batch.clear()
        if batch:
            yield batch


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError(batch_size)
    path = str(path)
    opener = gzip.open if path.endswith(".gz") else open
    return _read(opener(path, "rt", encoding="utf-8"), path, batch_size)
