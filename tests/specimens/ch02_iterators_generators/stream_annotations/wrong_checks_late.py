# wrong: a generator function, so its checks wait for the first next  [test_fails_at_the_call]
import gzip
import json


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")
    path = str(path)
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        batch = []
        for number, line in enumerate(file, 1):
            if line.isspace():
                continue
            try:
                batch.append(json.loads(line))
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error
            if len(batch) == batch_size:
                yield batch
                batch = []
        if batch:
            yield batch
