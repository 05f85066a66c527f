"""What a hidden check must not repeat: words that a submission could have made of an input.

A message of a hidden check may be built from evidence, and evidence may be forged: an
exception class named after the input, a log entry that quotes it. So every text in the
evidence is either known beforehand (to the grader, to Python, or as a name in the student's
own file) or shown as an ellipsis. Numbers are left to the grader's author, who counts with them.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

HIDDEN = "…"
_MOST = 20_000  # texts of one check's evidence that are looked at
_WORD = re.compile(r"[^\W\d]\w*")


@cache
def _constants(grader: Path) -> frozenset[str]:
    """Every text that stands in a grader's file."""
    tree = ast.parse(grader.read_text(encoding="utf-8"))
    found = {n.value for n in ast.walk(tree)
             if isinstance(n, ast.Constant) and isinstance(n.value, str)}  # fmt: skip
    return frozenset(found)


class Hiding:
    """The words that one hidden check may show, and the evidence it has been given."""

    def __init__(self, grader: Path, source: bytes) -> None:
        self.grader, self.source = grader, source
        self.heard: list[Any] = []
        self._names: frozenset[str] | None = None

    def known(self, text: str) -> bool:
        """Whether ``text`` may be shown: it was there before any input was."""
        if text in _constants(self.grader) or hasattr(builtins, text):
            return True
        if self._names is None:
            words = _WORD.findall(self.source.decode("utf-8", "replace"))
            self._names = frozenset(words)
        return text in self._names

    def cover(self, value: Any) -> Any:
        """``value`` (plain evidence) with every unknown text in it replaced."""
        if type(value) is str:
            return value if self.known(value) else HIDDEN
        if type(value) in (list, tuple, set, frozenset):
            return type(value)(self.cover(part) for part in value)
        if type(value) is dict:
            return {self.cover(k): self.cover(v) for k, v in value.items()}
        return value

    def covered(self, message: str) -> str:
        """``message`` with every unknown text of the evidence replaced."""
        strange = {text for text in _texts(self.heard) if text in message and not self.known(text)}
        for text in sorted(strange, key=len, reverse=True):
            message = message.replace(text, HIDDEN)
        return message


def _texts(values: Iterable[Any]) -> Iterator[str]:
    """Texts of two characters or more within plain evidence, up to a bound."""
    pending, left = list(values), _MOST
    while pending and left:
        value = pending.pop()
        left -= 1
        if type(value) is str and len(value) > 1:
            yield value
        elif type(value) in (list, tuple, set, frozenset):
            pending.extend(value)
        elif type(value) is dict:
            pending.extend([*value, *value.values()])
