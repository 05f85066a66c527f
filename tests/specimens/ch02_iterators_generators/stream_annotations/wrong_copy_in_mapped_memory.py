# wrong: copies the whole file into anonymous memory, outside of Python's own account  [test_holds_a_batch_not_the_file]
from __future__ import annotations

import gzip
import json
import mmap
import os
from collections.abc import Iterator
from typing import Any


def stream_annotations(
    path: str | os.PathLike[str], batch_size: int = 32
) -> Iterator[list[dict[str, Any]]]:
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    opener = gzip.open if os.fspath(path).endswith(".gz") else open
    with open(path, "rb"):
        pass
    return _batches(opener, path, batch_size)


def _no_constant(text):
    raise ValueError(f"{text} is no JSON")


def _lines(store, size):
    start = 0
    while start < size:
        end = store.find(b"\n", start, size)
        end = size if end < 0 else end + 1
        yield store[start:end]
        start = end


def _batches(opener, path, batch_size):
    batch = []
    with opener(path, "rb") as file:
        store = mmap.mmap(-1, 1 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        size = 0
        while chunk := file.read(1 << 16):
            if size + len(chunk) > len(store):
                store.resize(2 * len(store))
            store[size : size + len(chunk)] = chunk
            size += len(chunk)
        for number, line in enumerate(_lines(store, size), start=1):
            if not line.strip(b" \t\r\n"):
                continue
            try:
                batch.append(json.loads(line.decode("utf-8"), parse_constant=_no_constant))
            except ValueError as error:
                raise ValueError(f"{os.fspath(path)}, line {number}: {error}") from error
            if len(batch) == batch_size:
                yield batch
                batch = []
    if batch:
        yield batch
