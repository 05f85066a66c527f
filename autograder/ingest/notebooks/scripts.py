"""A notebook that was saved as a script -> its cells.

Read are jupytext's and the editors' percent format (``# %%``), nbconvert's export
(``# In[3]:``), and the export of Databricks (``# COMMAND ----------``).
"""

from __future__ import annotations

import re

from autograder.ingest.notebooks.reading import Cell

_MARK = re.compile(
    r"#[ \t]*(?:"
    r"%%+(?P<percent>[^\n]*)"
    r"|<codecell>|<(?P<old>markdowncell|rawcell)>"
    r"|In[ \t]?\[[ \t]*(?:\d{1,9}|\*)?[ \t]*\]:?"
    r"|COMMAND[ \t]-{3,})[ \t]*"
)
_KIND = re.compile(r"\[(markdown|md|raw)\]")
_GRADE_ID = re.compile(r"\"?grade_id\"?\s*[:=]\s*\"([^\"]{1,200})\"")


def cells_of_script(text: str) -> list[Cell]:
    """The cells of a script that was a notebook; none where nothing in it says so."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    inside = _in_strings(lines)
    marks = [
        (n, match)
        for n, line in enumerate(lines)
        if n not in inside and (match := _MARK.fullmatch(line))
    ]
    if not marks:
        return []
    cells = [_cell(lines[: marks[0][0]], "code", "")]
    ends = [n for n, _ in marks[1:]] + [len(lines)]
    for (start, match), end in zip(marks, ends, strict=True):
        head = match["percent"] or ""
        prose = match["old"] or _KIND.search(head)
        opening = _GRADE_ID.search(head)
        kind = "code" if not prose else "raw" if "raw" in (match["old"] or head) else "markdown"
        cells.append(_cell(lines[start + 1 : end], kind, opening[1] if opening else ""))
    return [cell for cell in cells if cell.source or cell.grade_id]


def _cell(lines: list[str], kind: str, grade_id: str) -> Cell:
    if kind != "code":
        lines = [re.sub(r"^#[ \t]?", "", line) for line in lines]
    return Cell(kind, "\n".join(lines).strip("\n"), grade_id)


def _in_strings(lines: list[str]) -> set[int]:
    """Lines that begin inside a string in triple quotes, found without parsing."""
    inside: set[int] = set()
    quote = ""
    for number, line in enumerate(lines):
        if quote:
            inside.add(number)
        at = 0
        while at < len(line):
            if quote:
                end = line.find(quote, at)
                if end < 0:
                    break
                # A backslash before the quotes belongs to the string.
                before = end
                while before > at and line[before - 1] == "\\":
                    before -= 1
                escaped = (end - before) % 2
                at = end + (1 if escaped else 3)
                quote = quote if escaped else ""
                continue
            opening = _OPENING.search(line, at)
            if opening is None or opening[0] == "#":
                break
            at = opening.end()
            quote = opening[0] if len(opening[0]) == 3 else ""
    return inside


# A comment, a string on one line, or the beginning of one that goes on.
_OPENING = re.compile(r"#|\"\"\"|'''|\"(?:[^\"\\]|\\.)*+(?:\"|\\?\Z)|'(?:[^'\\]|\\.)*+(?:'|\\?\Z)")
