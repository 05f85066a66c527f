# wrong: takes a batch_size of 0 or less  [test_fails_at_the_call]
import gzip
import json


def stream_annotations(path, batch_size=32):
    name = str(path)
    opened = gzip.open if name.endswith(".gz") else open
    return walk(opened(name, mode="rt", encoding="utf-8"), name, batch_size)


def walk(file, name, size):
    with file:
        batch = []
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    batch += [json.loads(line)]
                except ValueError as error:
                    raise ValueError(f"{name}:{number} {error}")
                if len(batch) >= size:
                    yield batch
                    batch = []
        if batch:
            yield batch
