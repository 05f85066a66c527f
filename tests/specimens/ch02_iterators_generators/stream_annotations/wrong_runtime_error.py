# wrong: a bad line is a RuntimeError  [test_bad_line_is_named]
import gzip
import json
import os


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    os.stat(path)

    def generate(name):
        batch = []
        with (gzip.open if name.endswith(".gz") else open)(name, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.isspace():
                    continue
                try:
                    batch.append(json.loads(line))
                except ValueError as error:
                    raise RuntimeError(f"{name}, line {number}: {error}") from error
                if len(batch) == batch_size:
                    yield batch
                    batch = []
        if batch:
            yield batch

    return generate(os.fspath(path))
