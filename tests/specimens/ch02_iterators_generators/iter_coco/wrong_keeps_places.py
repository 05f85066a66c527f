# wrong: keeps the place of each row  [test_memory]
import json
import os
import re
from collections.abc import Iterator
from typing import Any

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"[-+.0-9eE]*")
_decode = json.JSONDecoder().raw_decode


class _Window:
    """The part of the text that is needed now."""

    def __init__(self, file):
        self.file, self.text, self.at, self.ended = file, "", 0, False

    def more(self):
        if self.ended:
            raise ValueError("the file ends too early")
        chunk = self.file.read(max(1 << 14, len(self.text) - self.at))
        self.ended = not chunk
        self.text = self.text[self.at :] + chunk
        self.at = 0

    def peek(self):
        """The next character that is no white space."""
        while True:
            self.at = _SPACE.match(self.text, self.at).end()
            if self.at < len(self.text):
                return self.text[self.at]
            self.more()

    def take(self, wanted):
        if self.peek() not in wanted:
            raise ValueError(f"{self.text[self.at]!r} where one of {wanted!r} was expected")
        self.at += 1
        return self.text[self.at - 1]

    def value(self):
        first = self.peek()
        while True:
            try:
                if first in "-0123456789" and _NUMBER.match(self.text, self.at).end() == len(
                    self.text
                ):
                    raise ValueError("it may go on")
                value, self.at = _decode(self.text, self.at)
                return value
            except ValueError:
                self.more()

    def skip(self):
        """A value; of arrays, one element after the other."""
        depth = 0
        while True:
            char = self.peek()
            if char == "[":
                depth += 1
                self.at += 1
            elif char == "]":
                depth -= 1
                self.at += 1
            elif char == "," and depth:
                self.at += 1
            else:
                self.value()
            if not depth:
                return


def iter_coco(path: str | os.PathLike[str], key: str = "annotations") -> Iterator[dict[str, Any]]:
    return _rows(open(path, encoding="utf-8"), key)


def _rows(file, key):
    with file:
        window = _Window(file)
        window.take("{")
        if window.peek() == "}":
            raise KeyError(key)
        while True:
            name = window.value()
            window.take(":")
            if name == key:
                break
            window.skip()
            if window.take(",}") == "}":
                raise KeyError(key)
        window.take("[")
        if window.peek() == "]":
            return
        places = []
        while True:
            window.peek()
            places.append((len(places), window.at))
            yield window.value()
            if window.take(",]") == "]":
                return
