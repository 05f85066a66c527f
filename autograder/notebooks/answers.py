"""A notebook's cells -> the answer to one exercise, as the text of a module.

A solution cell is known by its ``grade_id``, which is the exercise's id. Where that was lost
(the cell was deleted and written anew, merged, pasted into Colab), it is known by what it
defines, and at last by its signature. Nothing but source text counts: points, locks, outputs
and whatever else a file claims about itself are not even read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from autograder.notebooks import modules
from autograder.notebooks.reading import Cell


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an exercise's cell is known by, from its stub."""

    id: str
    stub: str
    names: tuple[str, ...]
    signatures: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """An answer. ``cells`` are the places of the cells that its text is from, main one first."""

    source: str
    cells: tuple[int, ...]
    attempted: bool
    note: str = ""


@lru_cache(maxsize=256)
def wanted(id: str, stub: str) -> Wanted:
    """What to look for: the classes and functions that the stub defines at top level."""
    tree = modules.parse(stub) or ast.Module([], [])
    defined = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
    ]
    signatures = tuple(
        tuple(a.arg for a in (*n.args.posonlyargs, *n.args.args, *n.args.kwonlyargs))
        for n in defined
        if not isinstance(n, ast.ClassDef)
    )
    long_enough = tuple(s for s in signatures if len(s) > 1)
    return Wanted(id, stub, tuple(n.name for n in defined), long_enough)


def find(cells: Sequence[Cell], want: Wanted, lesson: str = "") -> Found | None:
    """The answer in ``cells``, or None where there is no trace of one.

    ``lesson`` is the text that the notebook was made from: a cell of it is no answer, even
    where it defines the exercise's name.
    """
    candidates, how = _candidates(cells, want, lesson)
    if not candidates:
        return None
    texts = {n: code(cells[n]) for n in candidates}
    attempted = [n for n in candidates if not same_code(texts[n], want.stub) and texts[n].strip()]
    if not attempted:
        return Found(texts[candidates[-1]], (candidates[-1],), False)
    defining = [n for n in attempted if _defines(texts[n], want.names)]
    main = (defining or attempted)[-1]
    used = [main]
    text = texts[main]
    notes = [how] if how else []
    others = attempted[:]
    text, more = _joined(cells, main, text)
    used += more
    different = {texts[n].strip() for n in others if n not in used and n in defining}
    different.discard(texts[main].strip())
    if different:
        notes.append(f"{len(different) + 1} different cells for it: the last one was graded")
    text = modules.plain(text)
    order = [n for n in range(len(cells)) if n not in used and cells[n].kind == "code"]
    # Cells above count as run before; one below can only be what was run first all the same.
    order = [n for n in order if n > main] + [n for n in order if n < main]
    stubs = {f"{want.id}-checks", f"{want.id}-task"}
    texts_of_others = [modules.plain(cells[n].source) for n in order
                       if (cells[n].grade_id not in stubs and n not in candidates)
                       or n in attempted]  # fmt: skip
    prelude, names = modules.taken_along(text, texts_of_others)
    if names:
        notes.append(f"taken along from other cells: {', '.join(names[:8])}")
    note = ("In the notebook: " + "; ".join(notes) + ".") if notes else ""
    return Found(modules.assembled(prelude, text), tuple(used), True, note)


def code(cell: Cell) -> str:
    """The code of a cell, also of one that was turned into another kind."""
    return cell.source if cell.kind == "code" else modules.fenced(cell.source)


def _candidates(cells: Sequence[Cell], want: Wanted, lesson: str) -> tuple[list[int], str]:
    marked = [n for n, cell in enumerate(cells) if cell.grade_id == want.id]
    named = [
        n
        for n, cell in enumerate(cells)
        if n not in marked
        and _defines(cell.source, want.names)
        and not (lesson and cell.source.strip() in lesson)
        and (cell.kind == "code" or not marked)
        and not (cell.grade_id.endswith("-task"))
    ]
    if marked:
        # A marked cell left as it was, and the answer written into a cell of its own.
        untouched = all(same_code(code(cells[n]), want.stub) or not cells[n].source.strip()
                        for n in marked)  # fmt: skip
        elsewhere = [n for n in named if not same_code(code(cells[n]), want.stub)]
        if untouched and elsewhere:
            return elsewhere, f"{want.id} was found in a cell without its id"
        lost = not any(_defines(code(cells[n]), want.names) for n in marked)
        if lost and elsewhere:
            return marked + elsewhere, f"{want.id} was found in a cell without its id"
        return marked, ""
    in_code = [n for n in named if cells[n].kind == "code"]
    if named:
        return in_code or named, f"{want.id} was found by its name, in a cell without its id"
    signed = [n for n, cell in enumerate(cells) if cell.kind == "code" and _signed(cell, want)]
    if signed:
        return signed[-1:], f"{want.id} was found by its signature, in a cell without its id"
    return [], ""


def _defines(text: str, names: Sequence[str]) -> bool:
    """Whether the text defines one of the names; by its lines, since it may be no Python."""
    return any(
        name in text
        and re.search(
            rf"^[ \t]*(?:class|def|async[ \t]+def)[ \t]+{name}\b|^{name}[ \t]*=[^=]", text, re.M
        )
        for name in names
    )


def _signed(cell: Cell, want: Wanted) -> bool:
    tree = modules.parse(modules.plain(cell.source)) if want.signatures else None
    for node in tree.body if tree is not None else []:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            a = node.args
            if tuple(x.arg for x in (*a.posonlyargs, *a.args, *a.kwonlyargs)) in want.signatures:
                return True
    return False


def same_code(one: str, other: str) -> bool:
    """Whether two texts differ in comments, blank lines and indentation at most."""
    return _lines(one) == _lines(other)


def _lines(text: str) -> list[str]:
    stripped = (line.strip() for line in text.splitlines())
    return [line for line in stripped if line and not line.startswith("#")]


def _joined(cells: Sequence[Cell], main: int, text: str) -> tuple[str, list[int]]:
    """The text with the cells after it that were split off: they begin in the middle of a block,
    or the text is whole only together with them."""
    joined: list[int] = []
    for number in range(main + 1, len(cells)):
        cell = cells[number]
        if cell.kind != "code" or cell.grade_id.endswith("-checks"):
            break
        lines = [x for x in cell.source.split("\n") if x.strip() and not x.startswith("#")]
        begins_inside = bool(lines) and lines[0][:1] in " \t"
        both = f"{text.rstrip()}\n{cell.source}"
        if len(both) > modules.PARSE_CAP:
            break
        whole_together = not begins_inside and (
            modules.parse(modules.plain(text)) is None
            and modules.parse(modules.plain(cell.source)) is None
            and modules.parse(modules.plain(both)) is not None
        )
        if not begins_inside and not whole_together:
            break
        text = both
        joined.append(number)
    return text, joined
