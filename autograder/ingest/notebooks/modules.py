"""Text of a notebook cell -> text of a Python module.

A cell may hold what only IPython understands (magics, shell lines, ``await`` at top level):
that is blanked, line for line. Text is parsed and never compiled or run.
"""

from __future__ import annotations

import ast
import bisect
import re
import warnings
from collections.abc import Sequence
from functools import lru_cache

from autograder.ingest.notebooks.scopes import names_of

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
_LEAVES_NOTHING = re.compile(r"%%(?:timeit|memit|writefile|file)\b")
_TIME = re.compile(r"%time\s+(\S.*)")
_FUTURE = re.compile(r"^from\s+__future__\s+import\s+(?:\([^()]*\)|[^\n#;]*)", re.MULTILINE)
_FENCE = re.compile(r"(`{3,}|~{3,})[^`]*")
_IPYTHON_CALLS = ("get_ipython", "display")


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
    """The line of the first syntax error; 0 if no error has a line."""
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
        fence = _FENCE.fullmatch(line) if number >= after else None
        if fence is None:
            continue
        ends = marks.get(fence[1], [])
        end = bisect.bisect_right(ends, number)
        if end < len(ends):
            blocks.append("".join(f"{inner}\n" for inner in lines[number + 1 : ends[end]]))
            after = ends[end] + 1
    return "\n".join(blocks) if blocks else text


@lru_cache(maxsize=_REMEMBERED)
def plain(text: str) -> str:
    """``text`` with what only IPython understands blanked; its lines keep their numbers."""
    return _without_notebook_statements(_without_magics(text))


@lru_cache(maxsize=_REMEMBERED)
def _without_magics(text: str) -> str:
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
        lines[number] = f"{indent}{_without_magic(line.strip())}"
        text = "\n".join(lines)
    return text


def _without_magic(line: str) -> str:
    """What stands in the place of a magic: the assignment that ``%time x = f()`` makes."""
    timed = _TIME.fullmatch(line)
    tree = parse(timed[1]) if timed else None
    if timed and tree is not None and any(isinstance(node, ast.Assign) for node in tree.body):
        return timed[1]
    return f"pass  # {line}"


@lru_cache(maxsize=_REMEMBERED)
def run_by_cell(text: str) -> str:
    """What running a cell leaves behind: as ``plain``, and nothing of ``%%timeit``."""
    if _LEAVES_NOTHING.match(text.lstrip()):
        return ""
    return _without_notebook_statements(_with_awaits_run(_without_magics(text)))


def _with_awaits_run(text: str) -> str:
    """``text`` with statements at top level that await in a coroutine that is run."""
    tree = parse(text) if "await" in text or "async" in text else None
    if tree is None or not 0 < sum(map(_awaits, tree.body)) <= _MOST_REPAIRS:
        return text
    body: list[ast.stmt] = []
    for number, node in enumerate(tree.body):
        if not _awaits(node):
            body.append(node)
            continue
        name = f"_cell_{number}"
        names = ", ".join(sorted(names_of([node]).binds))
        run = ast.parse(
            f"async def {name}():\n    global {names or name}\n"
            f"import asyncio as _asyncio\n_asyncio.run({name}())"
        )
        run.body[0].body.append(node)  # type: ignore[attr-defined]
        body += run.body
    try:
        return ast.unparse(ast.Module(body, []))
    except (RecursionError, ValueError):
        return text


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


def assembled(before: str, text: str, after: str = "", futures: Sequence[str] = ()) -> str:
    """One module: ``__future__`` imports first, wherever they stood, then the three texts.

    ``futures`` are such imports of other cells: IPython keeps to them from then on.
    """
    if not (before or futures or _late_future(text)):
        return "\n".join(part for part in (text.rstrip("\n"), after) if part) if after else text
    imports = [match[0] for match in _FUTURE.finditer(text)]
    body = _FUTURE.sub("pass", text)
    head = "\n".join(dict.fromkeys([*futures, *imports]))
    return "\n".join(part for part in (head, before, body, after) if part)


def futures(text: str) -> list[str]:
    """The ``__future__`` imports of a text, as they are written."""
    return [match[0] for match in _FUTURE.finditer(text)] if "__future__" in text else []


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
