# wrong: an object to loop over, without next() and close()  [test_file_is_closed]
import gzip
import json
import os


class Annotations:
    def __init__(self, path, size):
        self.path, self.size = path, size

    def __iter__(self):
        opener = gzip.open if self.path.endswith(".gz") else open
        with opener(self.path, "rt", encoding="utf-8") as file:
            batch = []
            for number, line in enumerate(file, 1):
                if line.strip():
                    try:
                        batch.append(json.loads(line))
                    except ValueError as error:
                        raise ValueError(f"{self.path}, line {number}: {error}") from error
                    if len(batch) == self.size:
                        yield batch
                        batch = []
            if batch:
                yield batch


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    os.stat(path)
    return Annotations(os.fspath(path), batch_size)
