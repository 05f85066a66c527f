# right: a cell per thread, registered under a condition; readers add up all cells
from __future__ import annotations

import threading


class SafeCounter:
    def __init__(self, start: int = 0) -> None:
        self._mine = threading.local()
        self._cells = [[start]]
        self._guard = threading.Condition()

    def add(self, n: int = 1) -> None:
        try:
            cell = self._mine.cell
        except AttributeError:
            cell = self._mine.cell = [0]
            with self._guard:
                self._cells.append(cell)
        cell[0] += n  # nobody else writes to this cell

    @property
    def value(self) -> int:
        with self._guard:
            return sum(cell[0] for cell in self._cells)
