# right: one json.loads for the lines of a batch, joined; line by line when that does not fit
import gzip
import json
import os


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError(batch_size)
    os.stat(path)

    def parse(lines):
        try:
            rows = json.loads(b"[" + b",".join(line for _, line in lines) + b"]")
            if len(rows) == len(lines):
                return rows
        except ValueError:
            pass
        rows = []
        for n, line in lines:
            try:
                rows.append(json.loads(line))
            except ValueError as e:
                raise ValueError(f"{path}: line {n}") from e
        return rows

    def go():
        with (gzip.open if str(path).endswith(".gz") else open)(path, "rb") as f:
            lines = []
            for n, line in enumerate(f, 1):
                if line.strip():
                    lines.append((n, line))
                if len(lines) == batch_size:
                    yield parse(lines)
                    lines = []
            if lines:
                yield parse(lines)

    return go()
