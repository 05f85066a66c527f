"""Text of a notebook cell -> text of a Python module.

A cell may hold what only IPython understands (magics, shell lines, ``await`` at top level) and
may lean on other cells (an import above, a helper below). Here the first is blanked, line for
line, and the second is taken along. Text is parsed and never compiled or run.
"""

from __future__ import annotations

import ast
import bisect
import builtins
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

PARSE_CAP = 300_000
"""Most characters that are parsed; a longer text is graded as it stands."""

_MOST_REPAIRS = 40
_REMEMBERED = 6_000  # texts: a notebook has 5 000 cells at most, and is asked for every exercise
_TARGETS = re.compile(r"[\w.\[\], ]+")
_ASKED = re.compile(r"[%\w.]+\s*")
# Cell magics whose body is still Python of this notebook.
_PYTHON_MAGICS = re.compile(
    r"%%(?:check|time|timeit|capture|prun|memit|mprun|writefile|file|python3?|python -)\b"
)
_FUTURE = re.compile(r"^from\s+__future__\s+import\s+(?:\([^()]*\)|[^\n#;]*)", re.MULTILINE)
_FENCE = re.compile(r"(`{3,}|~{3,})[^`]*")
_IPYTHON_CALLS = ("get_ipython", "display")
_KNOWN = frozenset(dir(builtins)) | {"__file__", "__builtins__"}


def parse(text: str) -> ast.Module | None:
    """The syntax tree of ``text``, or None where it is no Python, or too much of it."""
    if len(text) > PARSE_CAP:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in a student's strings
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _error_line(text: str) -> int:
    """The line of the first syntax error; 0 where there is none, or none that has a line."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return error.lineno or 0
    except (ValueError, RecursionError, MemoryError):
        return 0
    return 0


def is_magic(line: str) -> bool:
    """Whether IPython takes the line for one of its own: ``%x``, ``!x``, ``a = !x``, ``x?``."""
    line = line.strip()
    if line.startswith(("%", "!", "?")):
        return True
    targets, equals, rest = line.partition("=")
    if equals and rest.lstrip().startswith(("%", "!")):
        return _TARGETS.fullmatch(targets) is not None
    asked = line.rstrip("?")
    return 1 <= len(line) - len(asked) <= 2 and _ASKED.fullmatch(asked) is not None


def fenced(text: str) -> str:
    """The code of a cell that was turned into Markdown: what its fences hold, or all of it."""
    lines = text.split("\n")
    marks: dict[str, list[int]] = {}  # where a line closes a fence of this mark
    for number, line in enumerate(lines):
        if line.startswith(("```", "~~~")):
            marks.setdefault(line.rstrip(), []).append(number)
    blocks = []
    after = 0
    for number, line in enumerate(lines):
        opened = _FENCE.fullmatch(line) if number >= after else None
        if opened is None:
            continue
        ends = marks.get(opened[1], [])
        end = bisect.bisect_right(ends, number)
        if end < len(ends):
            blocks.append("".join(f"{inner}\n" for inner in lines[number + 1 : ends[end]]))
            after = ends[end] + 1
    return "\n".join(blocks) if blocks else text


@lru_cache(maxsize=_REMEMBERED)
def plain(text: str) -> str:
    """``text`` with what only IPython understands blanked; its lines keep their numbers."""
    lines = text.split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        if not _PYTHON_MAGICS.match(lines[first]):
            return "\n".join(f"# {line}" for line in lines)
        lines[first] = f"# {lines[first]}"
        text = "\n".join(lines)
    if len(text) > PARSE_CAP:
        return text
    for _ in range(_MOST_REPAIRS):
        if parse(text) is not None:
            break
        number = _error_line(text) - 1
        if not 0 <= number < len(lines) or not is_magic(lines[number]):
            return text
        line = lines[number]
        indent = line[: len(line) - len(line.lstrip())]
        lines[number] = f"{indent}pass  # {line.strip()}"
        text = "\n".join(lines)
    return _without_notebook_statements(text)


def _without_notebook_statements(text: str) -> str:
    """``text`` without statements at top level that await, or call into IPython."""
    tree = parse(text)
    if tree is None:
        return text
    lines = text.split("\n")
    changed = False
    ends = [node.end_lineno or node.lineno for node in tree.body]
    for place, node in enumerate(tree.body):
        if _awaits(node) or _calls_ipython(node):
            before = place and ends[place - 1] >= node.lineno
            if before or (place + 1 < len(ends) and tree.body[place + 1].lineno <= ends[place]):
                continue  # `a = 1; await b`: left to Python, which says what is wrong
            for number in range(node.lineno - 1, ends[place]):
                lines[number] = f"# {lines[number]}"
            changed = True
    return "\n".join(lines) if changed else text


def _awaits(node: ast.AST) -> bool:
    pending = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            pending += ast.iter_child_nodes(node)
    return False


def _calls_ipython(node: ast.stmt) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    while isinstance(call, ast.Call | ast.Attribute):
        call = call.func if isinstance(call, ast.Call) else call.value
    return isinstance(call, ast.Name) and call.id in _IPYTHON_CALLS


# -- what it leans on -------------------------------------------------------------------------


def bound(nodes: Iterable[ast.AST]) -> set[str]:
    """Names that statements bind at their own level or below, functions' locals left out."""
    names: set[str] = set()
    pending = list(nodes)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(a.asname or a.name.partition(".")[0]) for a in node.names}
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
        if not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp):
            pending += ast.iter_child_nodes(node)
    return names


def missing(tree: ast.AST) -> set[str]:
    """Names that the tree reads and binds nowhere: a little too few where scopes shadow."""
    read: set[str] = set()
    made: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else made).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.arg):
            made.add(node.arg)
        elif isinstance(node, ast.alias):
            made.add(node.asname or node.name.partition(".")[0])
        elif (isinstance(node, ast.ExceptHandler) and node.name) or (
            isinstance(node, ast.MatchAs | ast.MatchStar) and node.name
        ):
            made.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            made.add(node.rest)
    return read - made - _KNOWN


_TAKEN = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
          ast.Assign, ast.AnnAssign, ast.Try, ast.If)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement that may be taken along: its text, what it binds and what it reads."""

    text: str
    binds: frozenset[str]
    reads: frozenset[str]


@lru_cache(maxsize=_REMEMBERED)
def _statements(text: str) -> tuple[_Statement, ...]:
    tree = parse(text)
    lines = text.split("\n")
    found = []
    for node in tree.body if tree is not None else []:
        if isinstance(node, _TAKEN):
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                continue
            segment = "\n".join(lines[_first_line(node) - 1 : node.end_lineno])
            found.append(_Statement(segment, frozenset(bound([node])), frozenset(missing(node))))
    return tuple(found)


def taken_along(text: str, others: Sequence[str]) -> tuple[str, list[str]]:
    """What ``text`` needs from ``others``, the notebook's other cells in the order they count.

    Returns the statements, in the order of ``others``, and the names that they were taken for.
    Where several bind a name, the last one counts, as it would in a running notebook.
    """
    tree = parse(text)
    if tree is None:
        return "", []
    wanted = missing(tree)
    if not wanted:
        return "", []
    statements = [statement for other in others for statement in _statements(other)]
    binders: dict[str, int] = {}
    stars: list[int] = []
    for number, statement in enumerate(statements):
        binders.update(dict.fromkeys(statement.binds, number))
        if "*" in statement.binds:
            stars.append(number)
    chosen: set[int] = set()
    names_taken: set[str] = set()
    pending = set(wanted)
    looked: set[str] = set()
    while pending:
        name = pending.pop()
        looked.add(name)
        index = binders.get(name)
        if index is None:
            continue
        names_taken.add(name)
        if index not in chosen:
            chosen.add(index)
            pending |= statements[index].reads - looked
    if looked - names_taken:
        chosen.update(stars)  # `from math import *` may be where the rest comes from
    text = "\n".join(statements[n].text for n in sorted(chosen))
    return text, sorted(names_taken & wanted) or sorted(names_taken)


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(d.lineno for d in decorators)])


def assembled(prelude: str, text: str) -> str:
    """One module: ``__future__`` imports first, wherever they stood, then both texts."""
    if not prelude and not _late_future(text):
        return text
    found = [match[0] for match in _FUTURE.finditer(text)]
    body = _FUTURE.sub("pass", text)
    head = "\n".join(dict.fromkeys(found))
    return "\n".join(part for part in (head, prelude, body) if part)


def _late_future(text: str) -> bool:
    """Whether a ``__future__`` import stands where Python no longer takes one."""
    if not _FUTURE.search(text):
        return False
    tree = parse(text)
    if tree is None:
        return False
    early = True
    for number, node in enumerate(tree.body):
        docstring = number == 0 and isinstance(node, ast.Expr)
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            if not early:
                return True
        elif not docstring:
            early = False
    return False
