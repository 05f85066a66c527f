# wrong: readlines() first, batches after  [test_holds_a_batch_not_the_file]
import gzip
import json
from pathlib import Path


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(str(path))

    def run():
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as file:
            lines = file.readlines()
        batch = []
        for i, line in enumerate(lines):
            if line.strip() == "":
                continue
            try:
                batch.append(json.loads(line))
            except json.JSONDecodeError as e:
                raise ValueError(f"{path} line {i + 1}: {e}") from e
            if len(batch) == batch_size:
                yield batch
                batch = []
        if batch:
            yield batch

    return run()
