"""In which order the statements that an answer needs are written down."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from autograder.ingest.notebooks.notebook_index import Index
from autograder.ingest.notebooks.scopes import KNOWN, Names
from autograder.ingest.notebooks.statements import Statement

MAIN = -1
"""Stands for the answer's own cell among the numbers of statements."""

_ALONE_CAP = 200


def in_order(found: Index, main: Statement, first: int, chosen: Iterable[int]) -> list[int]:
    """The chosen statements and the answer, in the notebook's order.

    ``first`` is the first statement below the answer. A statement that reads a name which is
    bound further down only stands after that one: cells are not always run in their order.
    """
    return _Order(found, main, first, sorted(chosen)).order


class _Order:
    def __init__(self, found: Index, main: Statement, first: int, chosen: list[int]) -> None:
        self._found, self._main = found, main
        self.order: list[int] = []
        self._bound: set[str] = set()
        self._opened: set[int] = set()
        self._laid: set[int] = set()
        self._binder: dict[str, int] = {}
        place = bisect_left(chosen, first)
        items = [*chosen[:place], MAIN, *chosen[place:]]
        for number in items:
            for name in self._names(number).binds:
                self._binder.setdefault(name, number)
        for number in items:
            if number == MAIN:
                self._lay_helpers()
            self._lay(number)

    def _names(self, number: int) -> Names:
        return (self._main if number == MAIN else self._found.statements[number]).names

    def _lay(self, number: int) -> None:
        """Write a statement down, and before it those that bind what it reads."""
        stack = [number]
        while stack:
            top = stack[-1]
            if top not in self._opened:
                self._opened.add(top)
                reads = self._names(top).eager - self._bound - KNOWN
                binders = {self._binder[read] for read in reads if read in self._binder}
                stack += sorted(binders - self._opened, reverse=True)
                continue
            stack.pop()
            if top not in self._laid:
                self._laid.add(top)
                self.order.append(top)
                self._bound |= self._names(top).binds

    def _lay_helpers(self) -> None:
        """What the answer's functions read from below may be needed as its cell is run."""
        names = self._main.names
        for name in sorted(names.lazy - names.binds - KNOWN - self._bound):
            number = self._binder.get(name, MAIN)
            if number not in self._opened and self._stands_alone(number):
                self._lay(number)

    def _stands_alone(self, number: int) -> bool:
        """Whether a statement can be run before the answer is there."""
        seen: set[int] = set()
        pending = [number]
        while pending and len(seen) < _ALONE_CAP:
            number = pending.pop()
            if number == MAIN:
                return False
            if number not in seen:
                seen.add(number)
                names = self._names(number)
                reads = (names.eager | names.lazy) - self._bound
                pending += [self._binder[read] for read in reads if read in self._binder]
        return not pending
