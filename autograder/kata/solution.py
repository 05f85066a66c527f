"""``kata solution``: the reference, its notes and the student's own, readable at any width."""

from __future__ import annotations

import ast
import io
import re
import shutil
import textwrap
import tokenize
from collections.abc import Iterator

from autograder.kata import contract, pager
from autograder.kata.terminal import Screen
from autograder.kata.workspace import Workspace, WorkspaceError
from autograder.outline import Exercise

SIDE_BY_SIDE = 150
"""Columns from which two versions are shown beside one another."""
_MARKS = ("BEGIN SOLUTION", "END SOLUTION")


def show(workspace: Workspace, exercise: Exercise, screen: Screen) -> None:
    """Show all of it, in the user's pager where it is longer than the screen."""
    reference, notes = parts(workspace.course.solution(exercise).read_text(encoding="utf-8"))
    where = workspace.shown(workspace.path(exercise))
    try:
        own = workspace.source(exercise).decode("utf-8", "replace")
        stub = workspace.stub(exercise).decode("utf-8", "replace")
    except WorkspaceError as error:
        own, stub = f"# {error}\n", ""
    if workspace.is_stub(exercise):
        own = ""
    pieces = [("The reference", reference), ("Notes", notes), (f"Yours, {where}", _inert(own))]
    pieces = [(title, text) for title, text in pieces if text.strip()]
    if screen.plain:
        for title, text in pieces:
            screen.write(f"{title}:\n\n{text.rstrip()}\n")
        return
    pager.show(screen, _drawn(pieces, stub, screen))


def parts(source: str) -> tuple[str, str]:
    """A reference solution without its marks: the code, and the notes at its end."""
    source = re.sub(r" *# (?:type: ignore|noqa)\S*(?: *#.*)?$", "", source, flags=re.MULTILINE)
    rows = [r for r in source.splitlines() if r.strip().removeprefix("### ") not in _MARKS]
    end = len(rows)
    while end and (not rows[end - 1].strip() or rows[end - 1].startswith("#")):
        end -= 1
    notes = [r.removeprefix("#").removeprefix(" ") for r in rows[end:] if r.startswith("#")]
    unbroken = [line.text for line in contract.prose("\n".join(notes), 0, 0)]
    code = re.sub(r"\n{4,}", "\n\n\n", "\n".join(rows[:end]).strip())
    return f"{code}\n", "\n".join(unbroken)


def _inert(text: str) -> str:
    from autograder.text.clean import clean

    return clean(text.replace("\r\n", "\n"))


def without_contract(source: str, stub: str) -> str:
    """``source`` with ``…`` for the long docstrings that the stub has, too."""
    try:
        nodes = list(ast.walk(ast.parse(stub)))
    except SyntaxError:
        return source
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in nodes:
        if isinstance(node, kinds) and ast.get_docstring(node):
            text = ast.get_source_segment(stub, node.body[0]) or ""
            if text.count("\n") > 1:
                source = source.replace(text, '"""…"""')
    return source


def fitted(source: str, width: int) -> str:
    """Code whose rows fit into ``width`` columns.

    A comment that is too long goes on in another comment; one behind code moves above it. Code
    that is too long goes on further in, in brackets if it can, where it is still Python.
    """
    comments, gaps = _places(source)
    shown: list[str] = []
    block: list[str] = []
    for number, row in enumerate(source.splitlines(), 1):
        column = comments.get(number)
        if column is not None and not row[:column].strip():
            block.append(row)
            continue
        shown += _block(block, width)
        block = []
        if column is not None and len(row) > width:
            code = row[:column].rstrip()
            lead = " " * (len(code) - len(code.lstrip()))
            shown += _block([lead + row[column:]], width)
            row = code
        shown += _broken(row, gaps.get(number, []), width)
    return "\n".join([*shown, *_block(block, width)]) + "\n"


def _places(source: str) -> tuple[dict[int, int], dict[int, list[int]]]:
    """By row: the column of its comment, and columns where it may be broken, within brackets."""
    comments: dict[int, int] = {}
    gaps: dict[int, list[int]] = {}
    depth = inside = 0
    last, opened = (0, 0), False
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            row, column = token.start
            if token.type == tokenize.COMMENT:
                comments[row] = column
            if depth and not inside and last[0] == row and (last[1] < column or opened):
                gaps.setdefault(row, []).append(column)
            # From Python 3.12 on, an f-string is several tokens.
            inside += token.type == getattr(tokenize, "FSTRING_START", None)
            inside -= token.type == getattr(tokenize, "FSTRING_END", None)
            if token.type == tokenize.OP:
                depth += (token.string in "([{") - (token.string in ")]}")
            last, opened = token.end, token.string in "([{"
    except (tokenize.TokenError, SyntaxError):
        pass  # the student's own, unfinished; what was read so far is enough
    return comments, gaps


def _broken(row: str, gaps: list[int], width: int) -> Iterator[str]:
    """A row of code, broken at the last gap that fits while it is too long."""
    lead = len(row) - len(row.lstrip()) + 8
    start = 0
    while len(row) - start + (lead if start else 0) > width:
        room = width - (lead if start else 0)
        fit = [gap for gap in gaps if start < gap <= start + room]
        # Behind a comma rather than behind a bracket.
        fit = [gap for gap in fit if row[gap - 1] == " "] or fit
        if not fit:
            break
        yield (" " * lead if start else "") + row[start : fit[-1]].rstrip()
        start = fit[-1]
    rest = (" " * lead if start else "") + row[start:]
    text = rest.lstrip().startswith(('"""', "'''"))
    yield from (line.text for line in contract.code(rest, width, 0 if start or text else 8))


def _block(rows: list[str], width: int) -> list[str]:
    """Rows of nothing but a comment: as they are if they fit, else wrapped again."""
    if all(len(row) <= width for row in rows):
        return rows
    lead = rows[0][: len(rows[0]) - len(rows[0].lstrip())] + "# "
    text = " ".join(row.strip().lstrip("#").strip() for row in rows)
    return textwrap.wrap(
        text, max(20, width), initial_indent=lead, subsequent_indent=lead, break_on_hyphens=False
    )


def _drawn(pieces: list[tuple[str, str]], stub: str, screen: Screen) -> str:
    """Everything with its colours, as text."""
    width = shutil.get_terminal_size((80, 24)).columns
    both = [text for title, text in pieces if title != "Notes"]
    if width < SIDE_BY_SIDE or len(both) < 2:
        return "\n".join(_below(pieces, stub, screen, min(width, 100)))
    return _beside(pieces, screen, width)


def _below(pieces: list[tuple[str, str]], stub: str, screen: Screen, width: int) -> Iterator[str]:
    for title, text in pieces:
        yield screen.paint(f"── {title} ".ljust(width, "─"), "1")
        yield ""
        if title == "Notes":
            for line in contract.prose(text, 0, width):
                yield screen.format(line)
        else:
            # One below the other, the contract would only push them apart.
            yield _coloured(fitted(without_contract(text, stub), width), screen, width)
        yield ""


def _coloured(code: str, screen: Screen, width: int) -> str:
    from rich.console import Console
    from rich.syntax import Syntax

    if not screen.colour:
        return code.rstrip()
    syntax = Syntax(code, "python", theme="ansi_dark", background_color="default")
    console = Console(width=width, force_terminal=True, file=io.StringIO(), highlight=False)
    with console.capture() as captured:
        console.print(syntax)
    rows = captured.get().splitlines()
    return "\n".join(row.rstrip() for row in rows).rstrip()


def _beside(pieces: list[tuple[str, str]], screen: Screen, width: int) -> str:
    from rich.columns import Columns
    from rich.console import Console
    from rich.panel import Panel
    from rich.text import Text

    half = width // 2
    texts = dict(pieces)
    notes = texts.pop("Notes", "")
    panels = [
        Panel(
            Text.from_ansi(_coloured(fitted(text, half - 4), screen, half - 4)),
            title=title,
            title_align="left",
            width=half,
        )
        for title, text in texts.items()
    ]
    console = Console(
        width=width, force_terminal=screen.colour, no_color=not screen.colour, file=io.StringIO()
    )
    with console.capture() as captured:
        console.print(Columns(panels, padding=0, expand=False))
        if notes:
            console.print(Panel(Text(notes), title="Notes", title_align="left"))
    return captured.get()
