# wrong: a class that closes on close() and errors, not after the last row  [test_file_is_closed]
import gzip
import json
import os


class Stream:
    def __init__(self, path, size):
        opener = gzip.open if path.endswith(".gz") else open
        self.file = opener(path, "rt", encoding="utf-8")
        self.lines = enumerate(self.file, 1)
        self.path, self.size = path, size

    def __iter__(self):
        return self

    def close(self):
        self.file.close()

    def __next__(self):
        batch = []
        for number, line in self.lines:
            if line.strip():
                try:
                    batch.append(json.loads(line))
                except ValueError as error:
                    self.close()
                    raise ValueError(f"{self.path}, line {number}: {error}") from error
                if len(batch) == self.size:
                    break
        if not batch:
            raise StopIteration
        return batch


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    return Stream(os.fspath(path), batch_size)
