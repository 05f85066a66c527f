"""``kata hint``, ``kata solution`` and ``kata reset``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.kata.lines import Line, steps
from autograder.kata.progress import ProgressError, Standing
from autograder.kata.terminal import Screen, unbroken
from autograder.kata.workspace import Workspace, WorkspaceError
from autograder.outline import Exercise
from autograder.text.numbers import counted

SIDE_BY_SIDE = 150
"""Columns from which two versions are shown beside one another."""


def hint_lines(workspace: Workspace, exercise: Exercise) -> Iterator[Line]:
    """The hints shown so far and one more."""
    hints = exercise.hints
    if not hints:
        yield Line("open", f"{exercise.id} has no hints.", "none")
        return
    before = 0
    unsaved = ""
    try:
        before = workspace.progress.standing(exercise.id).hints
        count = workspace.progress.note_hint(exercise.id, len(hints)).hints
    except ProgressError as error:
        count, unsaved = min(len(hints), before + 1), str(error)
    yield Line("head", f"{exercise.id}: hint {count} of {len(hints)}")
    for place, text in enumerate(hints[:count], 1):
        yield Line("hint" if place == count else "quiet", f"{place}. {text}")
    if unsaved:
        yield Line("bad", unsaved, "note")
    elif before >= len(hints):
        yield Line("quiet", "That was the last one.")
        yield Line("next", f"kata solution {exercise.id} --give-up   shows the reference")


def hint(workspace: Workspace, exercise: Exercise, screen: Screen) -> int:
    """``kata hint``; exit code 0, or 1 where there is none."""
    screen.show(hint_lines(workspace, exercise))
    return 0 if exercise.hints else 1


def solution(workspace: Workspace, exercise: Exercise, screen: Screen, give_up: bool) -> int:
    """``kata solution``; exit code 1 where it may not be shown (yet)."""
    if not workspace.course.solution(exercise).is_file():
        words = "A class bundle has no solutions; your instructor may show them after grading."
        screen.show([Line("open", words, "not here")])
        return 1
    try:
        standing = workspace.progress.standing(exercise.id)
    except ProgressError as error:
        screen.show([Line("bad", str(error), "note")])
        standing = Standing()
    allowed = standing.state == "passed" or standing.gave_up
    if not allowed and not give_up:
        screen.show(
            [
                Line("open", f"{exercise.id} is not passed yet.", "not yet", by_mark=True),
                *steps(
                    (f"kata hint {exercise.id}", "when you are stuck"),
                    (f"kata solution {exercise.id} --give-up", "shows it before you pass"),
                ),
            ]
        )
        return 1
    if not allowed:
        try:
            workspace.progress.note_gave_up(exercise.id)
        except ProgressError as error:
            screen.show([Line("bad", str(error), "note")])
    _show_solution(workspace, exercise, screen)
    return 0


def parts(source: str) -> tuple[str, str]:
    """A reference solution without its marks: the code, and the notes at its end."""
    rows = [r for r in source.splitlines() if r.strip().removeprefix("### ") not in _MARKS]
    end = len(rows)
    while end and (not rows[end - 1].strip() or rows[end - 1].startswith("#")):
        end -= 1
    notes = [r.removeprefix("#").removeprefix(" ") for r in rows[end:] if r.startswith("#")]
    return "\n".join(rows[:end]).strip() + "\n", unbroken("\n".join(notes), 2)


_MARKS = ("BEGIN SOLUTION", "END SOLUTION")


def _show_solution(workspace: Workspace, exercise: Exercise, screen: Screen) -> None:
    reference, notes = parts(workspace.course.solution(exercise).read_text(encoding="utf-8"))
    try:
        own = workspace.source(exercise).decode("utf-8", "replace")
    except WorkspaceError as error:
        own = f"# {error}\n"
    where = workspace.shown(workspace.path(exercise))
    if screen.plain:
        screen.show([Line("head", f"Yours, {where}:")])
        screen.write(_inert(own))
        screen.show([Line("head", "The reference:")])
        screen.write(reference)
        if notes:
            screen.show([Line("head", "Notes:")])
            screen.write(notes)
        return
    try:
        stub = workspace.stub(exercise).decode("utf-8", "replace")
    except WorkspaceError:
        stub = ""
    _in_colour(_inert(own), where, reference, notes, stub, screen)


def _inert(text: str) -> str:
    from autograder.text.clean import clean

    return clean(text.replace("\r\n", "\n"))


def without_contract(source: str, stub: str) -> str:
    """``source`` with ``…`` for the long docstrings that the stub has, too."""
    import ast

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


def _in_colour(own: str, where: str, reference: str, notes: str, stub: str, screen: Screen) -> None:
    import shutil

    from rich.console import Console
    from rich.panel import Panel
    from rich.syntax import Syntax
    from rich.table import Table

    width = shutil.get_terminal_size((80, 24)).columns
    console = Console(file=screen.stream, width=width, no_color=not screen.colour, highlight=False)

    def code(text: str, title: str) -> Panel:
        shown = Syntax(
            text, "python", theme="ansi_dark", word_wrap=True, background_color="default"
        )
        return Panel(shown, title=title, title_align="left", padding=(0, 1))

    if width < SIDE_BY_SIDE:
        # One below the other, the contract would only push them apart.
        own, reference = without_contract(own, stub), without_contract(reference, stub)
    left, right = code(own, f"yours, {where}"), code(reference, "the reference")
    if width >= SIDE_BY_SIDE:
        grid = Table.grid(expand=True)
        grid.add_column(ratio=1)
        grid.add_column(ratio=1)
        grid.add_row(left, right)
        console.print(grid)
    else:
        console.print(left)
        console.print(right)
    if notes:
        console.print(Panel(notes, title="notes", title_align="left", padding=(0, 1)), markup=False)


def reset_lines(workspace: Workspace, exercise: Exercise) -> Iterator[Line]:
    """Put a stub back and say where the old version is; raises ``WorkspaceError``."""
    old = workspace.reset(exercise)
    shown = workspace.shown(workspace.path(exercise))
    if old is None:
        yield Line("good", f"{shown} was the stub already.", "reset")
    else:
        yield Line("good", f"{shown} is the stub again. What you had is in:", "reset")
        yield Line("message", workspace.shown(old), level=1)
    try:
        workspace.progress.note_reset(exercise.id)
    except ProgressError as error:
        yield Line("bad", str(error), "note")


def reset(workspace: Workspace, chosen: Sequence[Exercise]) -> int:
    """``kata reset``; exit code 2 where a file could not be replaced."""
    import sys

    screen = Screen()
    code = 0
    were = 0
    for exercise in chosen:
        try:
            lines = list(reset_lines(workspace, exercise))
            if len(chosen) > 1 and len(lines) == 1:
                were += 1
                continue
            screen.show(lines)
        except WorkspaceError as error:
            print(f"kata: {error}", file=sys.stderr)
            code = 2
    if were:
        screen.show([Line("good", f"{counted(were, 'exercise')} had nothing to keep.", "stubs")])
    return code
