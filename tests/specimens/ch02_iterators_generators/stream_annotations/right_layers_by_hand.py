# right: a BufferedReader of a FileIO, gzip on top of it, an ExitStack closes both
from __future__ import annotations

import contextlib
import gzip
import io
import itertools
import json
import logging
import os
import typing

logger = logging.getLogger(__name__)
logger.setLevel(logging.ERROR)
decode = json.JSONDecoder().decode


class Rows(contextlib.AbstractContextManager):
    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.name = os.fspath(path)
        raw = io.FileIO(self.name, "r")
        self.stack = contextlib.ExitStack()
        self.stack.enter_context(raw)
        stream: typing.Any = raw
        if self.name.endswith(".gz"):
            stream = self.stack.enter_context(gzip.GzipFile(fileobj=raw, mode="rb"))
        self.lines = self.stack.enter_context(io.BufferedReader(stream, 1 << 15))

    def __exit__(self, *exception: object) -> None:
        self.stack.close()

    def __iter__(self):
        for number, line in enumerate(self.lines, 1):
            if not line.strip(b" \t\r\n"):
                continue
            try:
                yield decode(line.decode("utf-8").strip(" \t\r\n"))
            except ValueError as error:
                logger.info("bad line")
                raise ValueError(f"{self.name}, line {number}: {error}") from error


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    rows = Rows(path)

    def batches():
        with rows:
            source = iter(rows)
            while batch := list(itertools.islice(source, batch_size)):
                yield batch

    return batches()
