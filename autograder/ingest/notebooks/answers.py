"""A notebook's cells -> the answer to one exercise, as the text of a module.

A solution cell is known by its ``grade_id``, which is the exercise's id. Where that was lost
(the cell was deleted and written again, merged, pasted into Colab), it is known by what it
defines, and at last by its signature. Nothing but source text counts: points, locks, outputs
and whatever else a file claims about itself are not even read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from autograder.ingest.notebooks import modules
from autograder.ingest.notebooks.reading import Cell
from autograder.ingest.notebooks.released import Released
from autograder.ingest.notebooks.slicing import Gathered, Notebook, gather
from autograder.ingest.notebooks.statements import STATEMENTS_CAP, annotates_ahead, statements
from autograder.stubs import is_untouched

NOTHING = Released()


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


@dataclass(frozen=True, slots=True)
class _Main:
    """The cell that an answer is in, its text, and the cells that this is from."""

    cell: int
    text: str
    used: list[int]


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


def find(
    cells: Sequence[Cell], want: Wanted, known: Released = NOTHING, *, by_name: bool = True
) -> Found | None:
    """The answer in ``cells``, or None where there is no trace of one.

    ``known`` is what the course handed out: a cell of it is no answer, even where it defines
    the exercise's name. Unless ``by_name``, only cells that carry the exercise's id count.
    """
    candidates, how = _candidates(cells, want, known, by_name)
    if not candidates:
        return None
    texts = {n: code(cells[n]) for n in candidates}
    written = [n for n in candidates if texts[n].strip()]
    attempted = [n for n in written if not is_untouched(texts[n], want.stub)]
    if not attempted:
        return _changed_elsewhere(cells, want, known, candidates[-1])
    main = _main(cells, want, texts, attempted)
    text, used = main.text, main.used
    stubs = {n for n in candidates if n not in attempted}
    gathered = _gathered(cells, want, known, main, stubs)
    notes = [how] if how else []
    others = {n for n in attempted if _defines(texts[n], want.names)} - set(used) - gathered.cells
    different = {texts[n].strip() for n in others} - {texts[main.cell].strip()}
    if different:
        notes.append(f"{len(different) + 1} different cells for it: the last one was graded")
    return _found(cells, text, used, gathered, notes)


def _main(
    cells: Sequence[Cell], want: Wanted, texts: dict[int, str], attempted: list[int]
) -> _Main:
    """The cell that the answer is in."""
    names = want.names
    defining = [n for n in attempted if _defines(texts[n], names, assigned=False)]
    defining = defining or [n for n in attempted if _defines(texts[n], names)] or attempted
    joined = {n: _joined(cells, n, texts[n]) for n in defining}
    # A cell that is no Python leaves what was defined above as it was.
    sound = [n for n in defining if modules.parse(modules.plain(joined[n][0])) is not None]
    main = (sound or defining)[-1]
    text, more = joined[main]
    return _Main(main, modules.plain(text), [main, *more])


def _changed_elsewhere(cells: Sequence[Cell], want: Wanted, known: Released, stub: int) -> Found:
    """A stub that was left as it was: it is an answer where other cells fill it in."""
    text = code(cells[stub])
    main = _Main(stub, modules.plain(text), [stub])
    gathered = _gathered(cells, want, known, main, set())
    filled = {name for name, _ in gathered.names} & set(want.names)
    if not text.strip() or not filled:
        return Found(text, (stub,), False)
    return _found(cells, main.text, main.used, gathered, [])


def _found(
    cells: Sequence[Cell], text: str, used: list[int], gathered: Gathered, notes: list[str]
) -> Found:
    if gathered.names:
        named = [f"{name} ({_places(places)})" for name, places in gathered.names[:8]]
        notes.append(f"graded with code from other cells: {', '.join(named)}")
    if not gathered.complete:
        notes.append(f"it has more than {STATEMENTS_CAP} statements: not all were looked at")
    note = ("In the notebook: " + "; ".join(notes) + ".") if notes else ""
    source = modules.assembled(gathered.before, text, gathered.after)
    early = sorted({*range(used[0]), *gathered.cells})
    futures = [
        line for n in early if cells[n].kind == "code" for line in modules.futures(cells[n].source)
    ]
    if futures and annotates_ahead(source):
        source = modules.assembled(gathered.before, text, gathered.after, futures)
    return Found(source, tuple(used), True, note)


def _places(cells: Sequence[int]) -> str:
    numbers = [str(cell + 1) for cell in cells]
    shown = ", ".join(numbers[:4]) + (", …" if len(numbers) > 4 else "")
    return f"cell {shown}" if len(numbers) == 1 else f"cells {shown}"


def _gathered(
    cells: Sequence[Cell], want: Wanted, known: Released, main: _Main, stubs: set[int]
) -> Gathered:
    """What the answer needs of the other cells."""
    texts = tuple(modules.run_by_cell(c.source) if c.kind == "code" else "" for c in cells)
    stub_too = {
        n
        for n, t in enumerate(texts)
        if any(name in t for name in want.names) and is_untouched(t, want.stub)
    }
    checks = {n for n, c in enumerate(cells) if c.grade_id == f"{want.id}-checks"}
    skipped = (stubs | stub_too | checks) - set(main.used)
    foreign = {
        n for n, c in enumerate(cells) if c.grade_id and c.grade_id.partition("-")[0] != want.id
    }
    foreign |= _handed_out(tuple(c.source for c in cells), known)
    foreign |= {
        n
        for n, names in enumerate(_exercises_in(texts, known))
        if names and names.isdisjoint(want.names)
    }
    book = Notebook(texts, frozenset(main.used), frozenset(skipped), frozenset(foreign))
    return gather(main.text, main.cell, book, want.names)


@lru_cache(maxsize=64)
def _handed_out(texts: tuple[str, ...], known: Released) -> frozenset[int]:
    """Which cells are as the course handed them out."""
    return frozenset(n for n, text in enumerate(texts) if text and known.holds(text))


@lru_cache(maxsize=64)
def _exercises_in(texts: tuple[str, ...], known: Released) -> tuple[frozenset[str], ...]:
    """For each cell the names of exercises that it defines."""
    return tuple(
        frozenset(name for s in statements(text) for name in s.names.strong & known.names)
        for text in texts
    )


def code(cell: Cell) -> str:
    """The code of a cell, also of one that was turned into another kind."""
    return cell.source if cell.kind == "code" else modules.fenced(cell.source)


def _candidates(
    cells: Sequence[Cell], want: Wanted, known: Released, by_name: bool
) -> tuple[list[int], str]:
    marked = [n for n, cell in enumerate(cells) if cell.grade_id == want.id]
    named = [
        n
        for n, cell in enumerate(cells)
        if by_name
        and n not in marked
        and _defines(cell.source, want.names)
        and (cell.kind == "code" or not marked)
        and not cell.grade_id.endswith("-task")
        and not known.defines(modules.plain(cell.source), want.names)
        and not (known.holds(cell.source) and not is_untouched(cell.source, want.stub))
    ]
    if marked:
        # A marked cell left as it was, and the answer written into a cell of its own.
        untouched = all(
            is_untouched(code(cells[n]), want.stub) or not cells[n].source.strip() for n in marked
        )
        elsewhere = [n for n in named if not is_untouched(code(cells[n]), want.stub)]
        if untouched and elsewhere:
            return elsewhere, f"{want.id} was found in a cell without its id"
        lost = not any(_defines(code(cells[n]), want.names) for n in marked)
        if lost and elsewhere:
            return marked + elsewhere, f"{want.id} was found in a cell without its id"
        return marked, ""
    in_code = [n for n in named if cells[n].kind == "code"]
    if named:
        return in_code or named, f"{want.id} was found by its name, in a cell without its id"
    signed = [
        n
        for n, cell in enumerate(cells)
        if by_name and cell.kind == "code" and _signed(cell, want) and not known.holds(cell.source)
    ]
    if signed:
        return signed[-1:], f"{want.id} was found by its signature, in a cell without its id"
    return [], ""


def _defines(text: str, names: Sequence[str], *, assigned: bool = True) -> bool:
    """Whether the text defines one of the names; by its lines, since it may be no Python."""
    return any(
        name in text
        and (
            re.search(rf"^[ \t]*(?:class|def|async[ \t]+def)[ \t]+{name}\b", text, re.M)
            or (assigned and re.search(rf"^{name}[ \t]*=[^=]", text, re.M))
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
