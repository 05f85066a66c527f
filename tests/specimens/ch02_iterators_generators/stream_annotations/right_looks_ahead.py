# right: hands a full batch over when the next row is there; nested generators closed by hand
import gzip
import json
import os


def parse(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    row = json.loads(line)
                except json.JSONDecodeError as error:
                    raise ValueError(f"{path}, line {number}: {error}") from error
                yield row


def run(path, size):
    rows = parse(path)
    try:
        batch = []
        for row in rows:
            if len(batch) == size:
                yield batch
                batch = []
            batch.append(row)
        if batch:
            yield batch
    finally:
        rows.close()


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    os.stat(path)
    return run(os.fspath(path), batch_size)
