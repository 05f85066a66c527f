# right: lines of bytes, decoded by json; an ExitStack closes; partial rows come before the error
import contextlib
import gzip
import json
from pathlib import Path


def stream_annotations(path, batch_size=32):
    path = Path(path)
    if batch_size < 1:
        raise ValueError(f"batch_size must be >= 1, not {batch_size}")
    path.stat()
    return _generate(path, batch_size)


def _generate(path, batch_size):
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(path.open("rb"))
        if path.suffix == ".gz":
            stream = stack.enter_context(gzip.GzipFile(fileobj=stream))
        pending = []
        for index, raw in enumerate(stream):
            if not raw.strip():
                continue
            try:
                pending.append(json.loads(raw))
            except json.JSONDecodeError as error:
                if pending:
                    yield pending
                error.add_note(f"in {path.name}, line {index + 1}")
                raise
            if len(pending) >= batch_size:
                full, pending = pending, []
                yield full
        if pending:
            yield pending
