# right: an iterator class that opens its file at the first next, with a close of its own
import gzip
import json
import os


class AnnotationStream:
    def __init__(self, path, batch_size):
        self.path = path
        self.batch_size = batch_size
        self.file = None
        self.line_number = 0
        self.done = False

    def __iter__(self):
        return self

    def __next__(self):
        if self.done:
            raise StopIteration
        if self.file is None:
            opener = gzip.open if os.fspath(self.path).endswith(".gz") else open
            self.file = opener(self.path, mode="rt", encoding="utf-8")
        rows = []
        try:
            while len(rows) < self.batch_size:
                line = self.file.readline()
                if line == "":
                    self.close()
                    break
                self.line_number += 1
                if line.strip() != "":
                    rows.append(json.loads(line))
        except json.JSONDecodeError as problem:
            self.close()
            message = f"{os.path.basename(self.path)}:{self.line_number}: {problem.msg}"
            raise ValueError(message) from None
        except BaseException:
            self.close()
            raise
        if not rows:
            raise StopIteration
        return rows

    def close(self):
        self.done = True
        if self.file is not None:
            self.file.close()


def stream_annotations(path, batch_size=32):
    if batch_size <= 0:
        raise ValueError("batch_size must be positive, got " + repr(batch_size))
    if not os.path.exists(path):
        raise FileNotFoundError(2, "no such annotation file", str(path))
    return AnnotationStream(path, batch_size)
