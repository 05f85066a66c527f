"""iter_coco: one array of a JSON document that is larger than memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any


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
    raise NotImplementedError("iter_coco: write your solution here")
