# wrong: leaves the encoding to the locale  [test_any_locale]
import gzip
import json
import os


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    path = os.fspath(path)
    file = gzip.open(path, "rt") if path.endswith(".gz") else open(path)

    def generate():
        with file:
            batch = []
            for number, line in enumerate(file, 1):
                if line.strip():
                    try:
                        batch.append(json.loads(line))
                    except ValueError as error:
                        raise ValueError(f"{path}, line {number}: {error}") from None
                    if len(batch) == batch_size:
                        yield batch
                        batch = []
            if batch:
                yield batch

    return generate()
