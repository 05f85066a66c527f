"""What a file of Python source holds instead: a notebook, an archive, a web page, a document."""

from __future__ import annotations

import re
from dataclasses import replace

from autograder.ingest.contents import archives
from autograder.ingest.contents.archive_members import TAR
from autograder.ingest.notebooks.reading import Cell
from autograder.ingest.notebooks.scripts import cells_of_script
from autograder.text.encoding import BOM

_STARTS = (
    (b"%PDF", "is a PDF, not Python source: hand in the .py file itself"),
    (b"{\\rtf", "is an RTF document, not Python source: save it as plain text"),
    (b"\xd0\xcf\x11\xe0", "is an Office document, not Python source: save it as plain text"),
    (b"\x89PNG", "is a picture, not Python source: hand in the .py file itself"),
    (b"\xff\xd8\xff", "is a picture, not Python source: hand in the .py file itself"),
    (b"\x7fELF", "is a program, not Python source: hand in the .py file itself"),
    (b"version https://git-lfs", "is a Git LFS pointer: hand in the file itself"),
    (b"[InternetShortcut]", "is a link to a web page: hand in the file itself"),
)
_PAGE = re.compile(rb"(?is)\s*<(?:!doctype|html|\?xml|head|body|!--)")
_MAGIC = re.compile(r"(?m)^([ \t]*)get_ipython\(\)\..*$")


def disguise(data: bytes) -> str:
    """What bytes are that cannot be Python source, and what to do; empty where they may be."""
    if not data.strip():
        return "is empty: save it and hand it in again"
    kind = archives.kind(data)
    if kind and kind != TAR:
        if b"word/" in data[:4096] or b"[Content_Types]" in data[:64]:
            return "is a Word document, not Python source: save it as plain text"
        return f"is a {kind} archive, not Python source: hand in the .py file in it"
    if _PAGE.match(data[:300].removeprefix(BOM)):
        return "is a web page (HTML), not Python source: download the file itself"
    if data[2:4] == b"\r\n" and data[1] < 32 and b"\0" in data[4:16]:
        return "is compiled Python, not its source: hand in the .py file"
    return next((words for start, words in _STARTS if data.startswith(start)), "")


def is_notebook_text(data: bytes) -> bool:
    """Whether bytes are those of a notebook file, whole or cut off."""
    head = data[:64].removeprefix(BOM).lstrip()[:1]
    return head == b"{" and any(
        mark in data for mark in (b'"cell_type"', b'"nbformat"', b'"worksheets"')
    )


def is_export(text: str) -> bool:
    """Whether a text is a notebook exported as a script: the marks of its cells say so."""
    return bool(cells_of_script(text))


def needs_ipython(text: str) -> bool:
    """Whether a script calls what only IPython has."""
    return _MAGIC.search(text) is not None


def exported(text: str) -> tuple[Cell, ...]:
    """The cells of a notebook that was exported as a script; one where nothing marks them."""
    cells = cells_of_script(text) or [Cell("code", text)]
    return tuple(replace(cell, source=_MAGIC.sub(r"\1pass", cell.source)) for cell in cells)
