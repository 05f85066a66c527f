# right: keeps no file open between batches, but the place where the next one starts
import gzip
import json
import os


class Reader:
    def __init__(self, path, size):
        self.path, self.size = os.fspath(path), size
        self.place = self.line = 0
        self.over = False

    def __iter__(self):
        return self

    def open(self):
        return gzip.open(self.path) if self.path.endswith(".gz") else open(self.path, "rb")

    def close(self):
        self.over = True

    def __next__(self):
        batch = []
        if not self.over and self.path.endswith(".gz"):
            return self.next_gz()
        if not self.over:
            with self.open() as file:
                file.seek(self.place)
                self.fill(file, batch)
                self.place = file.tell()
        if not batch:
            self.over = True
            raise StopIteration
        return batch

    def fill(self, file, batch):
        while len(batch) < self.size and (raw := file.readline()):
            self.line += 1
            if raw.strip():
                try:
                    batch.append(json.loads(raw.decode()))
                except json.JSONDecodeError as error:
                    self.over = True
                    raise ValueError(f"{self.path}: line {self.line}: {error}") from error

    def next_gz(self):
        # Seeking back and forth in gzip is slow: here the file stays open.
        if not hasattr(self, "gz"):
            self.gz = self.open()
            self.close = lambda: (setattr(self, "over", True), self.gz.close())
        batch = []
        try:
            self.fill(self.gz, batch)
        finally:
            if not batch or self.over:
                self.close()
        if not batch:
            raise StopIteration
        return batch


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError(f"batch_size={batch_size}")
    os.stat(path)
    return Reader(path, batch_size)
