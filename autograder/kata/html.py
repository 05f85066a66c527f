"""The terminal's lines as HTML for a notebook: the same words, no script, nothing to load."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from autograder.kata.lines import MARKS, SPOKEN, Kind, Line
from autograder.kata.terminal import Screen

MAGICS = ("check", "hint", "lesson", "next", "progress", "reset", "show", "solution")
"""Commands of ``kata`` that are magics, too."""


def _bar(colour: str) -> str:
    return f"border-left:3px solid {colour};padding-left:.6em"


# No colour of text has a contrast of 4.5 to 1 on both light and dark pages. Text keeps the page's
# own colour, and a bar beside it has one with 3 to 1 on both (WCAG 2.2, 1.4.3 and 1.4.11).
_STYLES: dict[Kind, str] = {
    "head": "font-weight:600",
    "quiet": "opacity:.75",
    "good": _bar("#1a7f37"),
    "so far": _bar("#9a6700"),
    "bad": _bar("#d1242f"),
    "open": _bar("#9a6700"),
    "hint": "font-style:italic",
    "measured": "opacity:.75",
    "printed": _bar("#808080"),
    "summary": "font-weight:600;margin-top:.3em",
}


def render(lines: Sequence[Line]) -> str:
    """One ``div`` with a line for each; everything in it is escaped."""
    rows = "".join(_row(line) for line in _in_notebook(lines))
    font = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:90%;line-height:1.5"
    return f'<div class="kata" role="status" style="{font}">{rows}</div>'


def _in_notebook(lines: Iterable[Line]) -> Iterator[Line]:
    """What to type next is a magic here; what has none is left out."""
    for line in lines:
        if line.kind != "next":
            yield line
        elif line.text.split()[1:2] and line.text.split()[1] in MAGICS:
            yield dataclasses.replace(line, text="%" + line.text.removeprefix("kata "))


def _row(line: Line) -> str:
    if not line.text.strip():
        return '<div style="height:.8em"></div>'
    style = f"{_STYLES.get(line.kind, '')};white-space:pre-wrap"
    own = len(line.text) - len(line.text.lstrip(" "))  # the rows that follow are indented, too
    if line.level or own:
        style += f";margin-left:calc({1.5 * line.level}em + {own}ch)"
    text = escape(line.text[own:])
    if line.kind not in MARKS or line.kind == "printed":  # which has a border
        return f'<div style="{style}">{text}</div>'
    said = escape(line.label or SPOKEN.get(line.kind, line.kind))
    title = f"<strong>{text}</strong>" if line.kind == "bad" else text
    shown = f'<span role="img" aria-label="{said}">{MARKS[line.kind]}</span>'
    by_mark = line.kind in ("good", "next") or line.by_mark
    label = "" if by_mark else f" {said}:"
    return f'<div style="{style}">{shown}{label} {title}</div>'


class Output:
    """What a magic returns: HTML where it can be shown, the terminal's words elsewhere."""

    def __init__(self, lines: Sequence[Line], passed: bool | None = None) -> None:
        self.lines = tuple(lines)
        self.passed = passed

    def _repr_html_(self) -> str:
        return render(self.lines)

    def __repr__(self) -> str:
        screen = Screen(plain=False)
        screen.colour = False
        return "\n".join(screen.format(line) for line in _in_notebook(self.lines))
