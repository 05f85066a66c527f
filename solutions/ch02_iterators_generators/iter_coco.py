"""iter_coco: one array of a JSON document that is larger than memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

### BEGIN SOLUTION
import codecs
import contextlib
import json
import re
from typing import BinaryIO

_PIECE = 1 << 16  # bytes read at a time: many rows, and next to nothing in memory
_SPACE = re.compile(r"[ \t\r\n]*")
_AFTER = re.compile(r"[ \t\r\n]*[,:\]}]")
_decode = json.JSONDecoder().raw_decode


class _Text:
    """The text of a UTF-8 file, of which one piece at a time is in memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        # A piece may end within a character: this decoder keeps its first bytes for the next.
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._text = ""
        self._at = 0  # what stands before this place is used up

    def _read_on(self) -> None:
        piece = self._file.read(_PIECE)
        if not piece:
            raise ValueError(f"{self._file.name}: the document is cut off, or not JSON")
        self._text = self._text[self._at :] + self._decoder.decode(piece)
        self._at = 0

    def peek(self) -> str:
        """The next character that is no space."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            self._read_on()

    def take(self) -> None:
        """Use up what peek() shows."""
        self.peek()
        self._at += 1

    def take_comma(self) -> None:
        """Use up a comma if there is one, as after every element but the last."""
        if self.peek() == ",":
            self.take()

    def value(self) -> Any:
        """The JSON value that begins with what peek() has shown."""
        while True:
            # An error means a value that goes on in the next piece, as a rule.
            with contextlib.suppress(json.JSONDecodeError):
                value, end = _decode(self._text, self._at)
                # An object ends with its brace. Of a number, 1 may be all that we have of 1.5:
                # it has ended when we see what comes after it.
                if self._text[end - 1] == "}" or _AFTER.match(self._text, end):
                    self._at = end
                    return value
            self._read_on()


def _elements(text: _Text) -> Iterator[Any]:
    """The elements of the array that begins here, one at a time."""
    text.take()
    while text.peek() != "]":
        yield text.value()
        text.take_comma()
    text.take()


def _rows(path: str | os.PathLike[str], key: str) -> Iterator[dict[str, Any]]:
    with open(path, "rb") as file:
        text = _Text(file)
        text.take()  # the opening brace of the document
        while text.peek() != "}":
            name = text.value()
            text.take()  # the colon
            if text.peek() != "[":
                text.value()
            elif name == key:
                yield from _elements(text)
                return
            else:
                # Another array may be as long as ours: it is passed row by row, too.
                for _ in _elements(text):
                    pass
            text.take_comma()
    raise KeyError(f"{path} has no array {key!r}")


### END SOLUTION


def iter_coco(path: str | os.PathLike[str], key: str = "annotations") -> Iterator[dict[str, Any]]:
    r"""The rows of one array of a COCO file, one after the other.

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "instances.json")
    >>> _ = path.write_text('''{"images": [{"id": 1}],
    ...     "annotations": [{"id": 7, "note": "a } and a ]"}, {"id": 8}]}''', encoding="utf-8")
    >>> for row in iter_coco(path):
    ...     print(row)
    {'id': 7, 'note': 'a } and a ]'}
    {'id': 8}
    >>> list(iter_coco(path, key="images"))
    [{'id': 1}]

    The file is one JSON document in UTF-8, whatever the locale: an object in which ``key`` is the
    name of an array of objects (and stands once). The result is an iterator. Its rows are those of
    ``json.load(file)[key]``: the same values in the same order. Spaces, tabs and line ends (``\n``
    or ``\r\n``) may stand wherever JSON allows them, or nowhere. Strings may hold anything:
    brackets, quotes, backslashes, the text of the key, letters of any script. Only a key of the
    document itself counts, not one further inside. It counts as JSON reads it:
    ``"\u0061nnotations"`` is ``annotations``. Values of any kind may stand before the array.
    Several iterators may read a file at the same time.

    What is wrong with the file is raised when iteration gets there, not by the call:

    * ``KeyError`` if the document has no such key;
    * ``ValueError`` if the file ends within the array. Every row that is whole, up to its closing
      brace, comes before the error; nothing is made of a row that is not.

    A missing file is a ``FileNotFoundError`` of the call itself.

    ``path`` is a ``str`` or a ``pathlib.Path``. With a file of 10 MB or more, peak memory (a mapped
    file counts) stays below 0.1x that of ``json.load``. It does not grow with the file, neither
    with the array nor with other arrays that stand before it. An element of an array, and a
    value that is not an array, may be held as a whole.

    Left open: a file that ends within a character or outside the array, other broken JSON, a key
    that holds no array, whether anything after the array is read, and when the file is closed.
    """
    ### BEGIN SOLUTION
    # Opened once to see that it can be: the body of _rows does not run before the first next().
    open(path, "rb").close()
    return _rows(path, key)
    ### END SOLUTION


### BEGIN SOLUTION
# Notes. The parser of the standard library is written in C and knows all about strings and
# escapes. What is left to us is to give it enough text, and to know what stands between values.
# Counting braces by hand works as well if it knows when it is in a string, and within one that
# a backslash takes the next character with it. It is a loop in Python over every character, and
# several times slower.
# open(path, encoding="utf-8") decodes in pieces, too, and would save the decoder. The difference
# shows in a file that was cut within a character: its last read raises before the rows in front
# of the cut are out. Decoding piece by piece with bytes.decode() fails on good files.
# Looking for '"annotations"' in the text finds the first such text, which may be a string, a key
# inside of `info`, or nothing, where the key is written with escapes.
# A row is parsed again whenever a piece ends within it. With rows of many megabytes, read twice
# as much each time. And a row that is not JSON looks like one that goes on: we read to the end
# of the file before we say so. If you meet such files often, give up after some megabytes.
# The ijson package reads any place of any document as a stream; this is its core idea.
### END SOLUTION
