# wrong: json.load, which wants one document  [test_every_row_in_batches]
import gzip
import json
import os


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    os.stat(path)

    def generate():
        opener = gzip.open if str(path).endswith(".gz") else open
        with opener(path, "rt", encoding="utf-8") as file:
            rows = json.load(file)
        for start in range(0, len(rows), batch_size):
            yield rows[start : start + batch_size]

    return generate()
