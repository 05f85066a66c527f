# right: scans tokens with a compiled pattern over a sliding text buffer; rows are found by raw_decode and more text on failure
from __future__ import annotations

import codecs
import io
import json
import os
import re

_CHUNK = 1 << 14
_SPACE = re.compile(r"[ \t\r\n]*")
_SKIP = re.compile(r'[^"\[\]{}\\]+')


class Text:
    """A text that is read on demand and forgotten behind ``at``."""

    def __init__(self, file):
        self.file = file
        self.decode = codecs.getincrementaldecoder("utf-8")().decode
        self.buffer, self.at, self.ended = "", 0, False

    def more(self):
        if self.ended:
            return False
        data = self.file.read(_CHUNK)
        self.ended = not data
        self.buffer = self.buffer[self.at :] + self.decode(data, self.ended)
        self.at = 0
        return True

    def peek(self):
        while True:
            self.at = _SPACE.match(self.buffer, self.at).end()
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self.more():
                raise ValueError("the file ends within the document")

    def take(self, wanted):
        if self.peek() != wanted:
            raise ValueError(f"expected {wanted!r}, found {self.peek()!r}")
        self.at += 1

    def char(self):
        while self.at >= len(self.buffer):
            if not self.more():
                raise ValueError("the file ends within the document")
        self.at += 1
        return self.buffer[self.at - 1]

    def string(self):
        self.take('"')
        parts = ['"']
        while True:
            c = self.char()
            parts.append(c)
            if c == "\\":
                parts.append(self.char())
            elif c == '"':
                return json.loads("".join(parts), strict=False)

    def skip_string(self):
        self.take('"')
        while (c := self.char()) != '"':
            if c == "\\":
                self.char()

    def skip(self):
        depth = 0
        while True:
            c = self.peek()
            if c == '"':
                self.skip_string()
            elif c in "[{":
                depth += 1
                self.at += 1
            elif c in "]}":
                if not depth:
                    return
                depth -= 1
                self.at += 1
            elif c in ",:":
                if not depth:
                    return
                self.at += 1
            else:
                self.at += 1
                continue
            if not depth and c in '"]}':
                return

    def row(self):
        step = _CHUNK
        self.peek()
        while True:
            try:
                value, end = json.JSONDecoder().raw_decode(self.buffer, self.at)
                self.at = end
                return value
            except ValueError:
                if not self.more():
                    raise ValueError("the file ends within a row") from None


def _rows(file, key):
    with file:
        text = Text(file)
        text.take("{")
        while text.peek() != "}":
            name = text.string()
            text.take(":")
            if name == key:
                text.take("[")
                while text.peek() != "]":
                    yield text.row()
                    if text.peek() == ",":
                        text.at += 1
                return
            text.skip()
            if text.peek() == ",":
                text.at += 1
        raise KeyError(key)


def iter_coco(path, key="annotations"):
    return _rows(io.FileIO(os.fspath(path)), key)
