# right: fileinput with its hook for compressed files, lines counted by it, batches by groupby
from __future__ import annotations

import fileinput
import itertools
import json
import os
import stat


def stream_annotations(path, batch_size=32):
    if batch_size < 1:
        raise ValueError(f"batch_size: {batch_size}")
    name = os.fspath(path)
    if not stat.S_ISREG(os.stat(name).st_mode):
        raise ValueError(f"{name} is no file")
    return _batches(name, batch_size)


def _rows(source, name):
    for line in source:
        if isinstance(line, str):
            line = line.encode()
        text = line.decode("utf-8").strip(" \t\r\n")
        if text:
            try:
                row = json.loads(text)
            except json.JSONDecodeError as error:
                raise ValueError(f"{name}:{source.filelineno()}: {error}") from None
            yield row


def _batches(name, size):
    with fileinput.FileInput([name], mode="rb", openhook=fileinput.hook_compressed) as source:
        numbered = enumerate(_rows(source, name))
        for _, group in itertools.groupby(numbered, key=lambda pair: pair[0] // size):
            yield [row for _, row in group]
