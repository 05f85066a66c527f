"""The bytes of an ``.ipynb`` -> its cells, whatever became of the file on its way here.

Only text is taken: a cell's kind, its source and the ``grade_id`` that nbgrader gave it. Every
format version since 2 is read, and outputs are skipped before anything is built from them, so
that a notebook with 100 MB of them costs a scan and no memory. Nothing is executed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

NOTEBOOK_CAP = 256 << 20
"""Most bytes of a notebook file, outputs included."""

TEXT_CAP = 8 << 20
"""Most bytes of what is left once outputs and attachments are skipped."""

_TOKENS_CAP = 4_000_000
_CELLS_CAP = 5_000

# A string or a bracket. Possessive, so that a string of 100 MB takes no stack. One that is not
# closed goes on to the end, or it would be looked for again from every quote within it.
_TOKEN = re.compile(rb'"(?>[^"\\]+|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_SKIPPED = (b'"outputs"', b'"attachments"', b'"image/png"')
_COLON = re.compile(rb"\s*:\s*")


class NotebookProblem(Exception):
    """The file is no notebook that can be read; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. ``kind`` is ``code``, ``markdown`` or ``raw``; ``grade_id`` may be empty."""

    kind: str
    source: str
    grade_id: str = ""
    attachments: Any = None


def read(data: bytes) -> list[Cell]:
    """The cells of a notebook file, in order; :class:`NotebookProblem` for anything else."""
    if not data.strip():
        raise NotebookProblem("is empty: save it in Jupyter and hand it in again")
    if len(data) > NOTEBOOK_CAP:
        raise NotebookProblem(
            f"is larger than {NOTEBOOK_CAP >> 20} MiB: clear its outputs and hand it in again"
        )
    if len(data) > TEXT_CAP:
        data = without_outputs(data)
        if len(data) > TEXT_CAP:
            raise NotebookProblem(f"holds more than {TEXT_CAP >> 20} MiB of text beside outputs")
    return _cells(_json(data))


def without_outputs(data: bytes) -> bytes:
    """The JSON text with every ``outputs`` and ``attachments`` emptied, found by a scan."""
    pieces: list[bytes] = []
    copied = depth = 0  # depth is counted inside a skipped value only
    key: re.Match[bytes] | None = None
    for number, token in enumerate(_TOKEN.finditer(data)):
        if number > _TOKENS_CAP:
            raise NotebookProblem("has too many outputs: clear them and hand it in again")
        first = data[token.start()]
        if depth:
            if first in b"[{":
                depth += 1
            elif first in b"]}":
                depth -= 1
                copied = token.end() - 1
            continue
        if first in b"[{" and key is not None and key[0] in _SKIPPED:
            gap = _COLON.fullmatch(data, key.end(), token.start())
            if gap is not None:
                pieces.append(data[copied : token.end()])
                depth = 1
                copied = len(data)
        key = token if first == ord('"') else None
    if not depth:
        pieces.append(data[copied:])
    return b"".join(pieces)


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except RecursionError:
        raise NotebookProblem("is nested too deeply to be a notebook") from None
    except UnicodeDecodeError as error:
        raise NotebookProblem(
            f"is not {error.encoding} text (byte {error.start}): it is damaged, or not a notebook"
        ) from None
    except json.JSONDecodeError as error:
        raise NotebookProblem(_why(data, error)) from None
    except ValueError as error:
        raise NotebookProblem(f"is not valid JSON ({str(error)[:80]})") from None


def _why(data: bytes, error: json.JSONDecodeError) -> str:
    head = data.lstrip()[:200].lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "is a web page, not a notebook: download the file itself and hand that in"
    if b"\n<<<<<<<" in data and b"\n>>>>>>>" in data:
        return "holds git conflict marks: resolve the conflict, save it, hand it in again"
    if head.startswith(b"pk\x03\x04"):
        return "is a zip file: unpack it and hand in the notebook in it"
    if not head.startswith(b"{"):
        return "is not a notebook: a notebook file is JSON that begins with {"
    if error.pos >= len(error.doc.rstrip()) - 1 or error.msg.startswith("Unterminated"):
        return f"is cut off in line {error.lineno}: save it in Jupyter and hand it in again"
    return f"is not valid JSON (line {error.lineno}, column {error.colno}: {error.msg})"


def _cells(document: Any) -> list[Cell]:
    if not isinstance(document, dict):
        raise NotebookProblem("is JSON, but not a notebook")
    raw = document.get("cells")
    if not isinstance(raw, list):
        # Until format 3, cells lay in worksheets.
        sheets = document.get("worksheets")
        if not isinstance(sheets, list):
            raise NotebookProblem(f"is JSON, but not a notebook: it has no cells{_seen(document)}")
        raw = []
        for sheet in sheets:
            inner = sheet.get("cells") if isinstance(sheet, dict) else None
            raw += inner if isinstance(inner, list) else []
    if len(raw) > _CELLS_CAP:
        raise NotebookProblem(f"has more than {_CELLS_CAP} cells")
    return [_cell(cell) for cell in raw if isinstance(cell, dict)]


def _cell(cell: dict[str, Any]) -> Cell:
    kind = cell.get("cell_type")
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        lines = [line for line in source if isinstance(line, str)]
        # Some converters split a cell into lines and leave their ends behind.
        ended = any(line.endswith("\n") for line in lines[:-1]) or len(lines) < 2
        source = ("" if ended else "\n").join(lines)
    if not isinstance(source, str):
        source = ""
    if kind == "heading":  # until format 3
        source = f"# {source}"
    source = source.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    if kind == "code" and _other_language(cell, metadata):
        kind = "raw"
    return Cell(
        kind if kind in ("code", "raw") else "markdown",
        source,
        grade_id if isinstance(grade_id, str) else "",
        cell.get("attachments"),
    )


def _other_language(cell: dict[str, Any], metadata: Any) -> bool:
    """Whether a cell says that it is no Python: VS Code's, and those of format 3."""
    editor = metadata.get("vscode") if isinstance(metadata, dict) else None
    said = editor.get("languageId") if isinstance(editor, dict) else cell.get("language")
    return isinstance(said, str) and said != "" and "python" not in said.casefold()


def _seen(document: dict[str, Any]) -> str:
    """What a JSON file is that is taken for a notebook, where that can be told."""
    if "paragraphs" in document:
        return " (it is a Zeppelin note: export it as .ipynb)"
    if isinstance(document.get("content"), dict | str):
        return " (it is a server's answer with a notebook in it: download the notebook itself)"
    return ""
