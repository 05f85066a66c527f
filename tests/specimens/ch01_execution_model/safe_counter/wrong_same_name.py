# wrong: a cell per thread, found by the name of the thread  [test_nothing_is_lost]
import threading


class SafeCounter:
    def __init__(self, start: int = 0) -> None:
        self._start = start
        self._cells: dict[str, int] = {}

    def add(self, n: int = 1) -> None:
        name = threading.current_thread().name
        before = self._cells.get(name, 0)
        self._cells[name] = before + n

    @property
    def value(self) -> int:
        return self._start + sum(self._cells.copy().values())
