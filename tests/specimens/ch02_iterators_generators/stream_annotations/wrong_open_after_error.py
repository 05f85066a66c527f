# wrong: a class that closes at the end and on close(), not on an error  [test_file_is_closed]
import gzip
import json
import os


class Stream:
    def __init__(self, path, size):
        opener = gzip.open if path.endswith(".gz") else open
        self.file = opener(path, "rt", encoding="utf-8")
        self.path, self.size, self.number = path, size, 0

    def __iter__(self):
        return self

    def close(self):
        self.file.close()

    def __next__(self):
        batch = []
        while len(batch) < self.size and not self.file.closed:
            line = self.file.readline()
            self.number += 1
            if not line:
                self.close()
            elif line.strip():
                try:
                    batch.append(json.loads(line))
                except ValueError as error:
                    raise ValueError(f"{self.path}, line {self.number}: {error}") from error
        if not batch:
            raise StopIteration
        return batch


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    return Stream(os.fspath(path), batch_size)
