"""The keys of ``kata watch``: what each does, and lines that name a key in place of a command."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from autograder.kata.lines import Line

KEYS = {
    "s": "show",
    "o": "open",
    "h": "hint",
    "v": "solution",
    "l": "list",
    "n": "next",
    "r": "reset",
    "q": "quit",
}
"""Each key and the word for what it does."""


def legend(plain: bool) -> str:
    """All keys in one line; broken between them, never within, where it is wrapped."""
    space = " " if plain else "\N{NO-BREAK SPACE}"
    return "  ".join(f"{key}{space}{word}" for key, word in KEYS.items())


_TYPED = re.compile(r"kata (\w+)(?: (\w+))?.*?   +(.*)")
_OF = {word: key for key, word in KEYS.items()}


def keyed(lines: Iterable[Line], exercise: str) -> Iterator[Line]:
    """The lines with keys in place of commands, which nobody can type while ``exercise`` is
    watched. What is said of another exercise has one key, which goes on to the next; what has no
    key is left out."""
    went_on = False
    for line in lines:
        typed = _TYPED.fullmatch(line.text) if line.kind == "next" else None
        if typed is None:
            yield line
        elif typed[1] == "watch" and typed[2] == exercise:
            continue  # it is
        elif typed[2] in (None, exercise):
            if key := _OF.get(typed[1]):
                yield replace(line, text=f"{key}   {typed[3]}", column=4)
        elif not went_on:
            went_on = True
            yield replace(line, text="n   goes on to it", column=4)
