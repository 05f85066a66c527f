# right: reads blocks of a megabyte and cuts them into lines by hand
import gzip
import io
import json


def _numbered_lines(file):
    number, rest = 0, b""
    while block := file.read(1 << 20):
        *whole, rest = (rest + block).split(b"\n")
        for line in whole:
            number += 1
            yield number, line
    if rest:
        yield number + 1, rest


def _batched(file, path, size):
    with file:
        batch = []
        for number, line in _numbered_lines(file):
            text = line.decode("utf-8").strip(" \t\r")
            if text:
                try:
                    row = json.loads(text)
                except ValueError:
                    message = f"line {number} of {path!r} is not JSON: {text[:60]}"
                    raise ValueError(message) from None
                batch.append(row)
                if len(batch) == size:
                    yield batch
                    batch = list()
        if len(batch) > 0:
            yield batch


def stream_annotations(path, batch_size: int = 32):
    if not batch_size >= 1:
        raise ValueError("batch_size")
    path = str(path)
    file = io.FileIO(path)
    if path[-3:] == ".gz":
        file.close()
        file = gzip.open(path)
    return _batched(file, path, batch_size)
