# right: bytes through a reader thread, rows cut by depth outside strings with one regular expression
from __future__ import annotations

import json
import os
import queue
import re
import threading

TOKEN = re.compile(rb'"|\\.|[\[\]{}]|,|:', re.S)


class Chunks(threading.Thread):
    def __init__(self, file):
        super().__init__(daemon=True)
        self.file, self.full, self.stop = file, queue.Queue(4), False

    def run(self):
        with self.file:
            while not self.stop:
                data = self.file.read(1 << 15)
                while not self.stop:
                    try:
                        self.full.put(data, timeout=0.05)
                        break
                    except queue.Full:
                        pass
                if not data:
                    return

    def __iter__(self):
        return iter(self.full.get, b"")


def _rows(file, key):
    chunks = Chunks(file)
    chunks.start()
    try:
        buffer, at, depth, quoted = b"", 0, 0, False
        begin = None  # where the thing that is collected begins: a key, or a row
        name, wanted, in_array, expect_key = None, False, False, False
        for chunk in chunks:
            keep = begin if begin is not None else at
            buffer, at = buffer[keep:] + chunk, at - keep
            begin = None if begin is None else 0
            while True:
                match = TOKEN.search(buffer, at)
                if match is None:
                    # a backslash that is left at the end waits for what it escapes
                    waits = at < len(buffer) and buffer.endswith(b"\\")
                    at = len(buffer) - waits
                    break
                token, at = match.group(), match.end()
                if token.startswith(b"\\"):
                    continue
                if token == b'"':
                    quoted = not quoted
                    if depth == 1 and expect_key:
                        if quoted:
                            begin = at - 1
                        else:
                            name, begin = json.loads(buffer[begin:at]), None
                            expect_key = False
                    continue
                if quoted:
                    continue
                if token in b"{[":
                    depth += 1
                    if depth == 1:
                        expect_key = True
                    elif depth == 2 and token == b"[" and name == key:
                        in_array = True
                    elif depth == 3 and in_array:
                        begin = at - 1
                elif token in b"}]":
                    depth -= 1
                    if depth == 2 and in_array:
                        row, begin = json.loads(buffer[begin:at]), None
                        yield row
                    elif depth == 1 and in_array:
                        return
                    elif depth == 0:
                        raise KeyError(key)
                elif token == b"," and depth == 1:
                    expect_key = True
        raise ValueError("the file ends too early")
    finally:
        chunks.stop = True


def iter_coco(path, key="annotations"):
    return _rows(open(os.fspath(path), "rb"), key)
