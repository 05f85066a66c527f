# right: the name is a class, a context manager as well; its messages quote the bad line
import gzip
import json
from pathlib import Path


class stream_annotations:
    def __init__(self, path, batch_size=32):
        if batch_size < 1:
            raise ValueError("batch_size is %d" % batch_size)
        self._path = Path(path)
        opened = gzip.open if self._path.name.endswith(".gz") else open
        self._file = opened(self._path, "rt", encoding="UTF-8", newline="\n")
        self._size = batch_size
        self._batches = self._generate()

    def _generate(self):
        buffer, number = [], 0
        while True:
            line = self._file.readline()
            if not line:
                break
            number += 1
            if line.strip():
                try:
                    buffer.append(json.loads(line))
                except ValueError as e:
                    raise ValueError(f"{self._path.name}, line {number}: {line!r}") from e
            if len(buffer) >= self._size:
                full, buffer = buffer[:], []
                yield full
        if buffer:
            yield buffer

    def __iter__(self):
        return self

    def __next__(self):
        try:
            return next(self._batches)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        self._batches.close()
        self._file.close()
