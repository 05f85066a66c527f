# wrong: cuts blocks with splitlines, which also cuts at U+2028  [test_text_is_kept]
import gzip
import json
import os


def lines(file):
    rest = ""
    while block := file.read(50_000):
        parts = (rest + block).splitlines(keepends=True)
        rest = parts.pop() if not parts[-1].endswith("\n") else ""
        yield from parts
    if rest:
        yield rest


def generate(path, size):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        batch = []
        for number, line in enumerate(lines(file), 1):
            if line.strip():
                try:
                    batch.append(json.loads(line))
                except ValueError as error:
                    raise ValueError(f"{path}, line {number}: {error}") from error
                if len(batch) == size:
                    yield batch
                    batch = []
        if batch:
            yield batch


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    os.stat(path)
    return generate(os.fspath(path), batch_size)
