# wrong: every batch holds 32 rows, whatever was asked  [test_any_number_of_rows]
import gzip
import json
import os


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    os.stat(path)
    return Batches.of(os.fspath(path))


class Batches:
    SIZE = 32

    @classmethod
    def of(cls, path):
        opener = gzip.open if path.endswith(".gz") else open
        with opener(path, "rt", encoding="utf-8") as file:
            batch = []
            for number, line in enumerate(file, 1):
                if line.strip():
                    try:
                        batch.append(json.loads(line))
                    except ValueError as error:
                        raise ValueError(f"{path}, line {number}: {error}") from error
                    if len(batch) == cls.SIZE:
                        yield batch
                        batch = []
            if batch:
                yield batch
