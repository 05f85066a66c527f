# wrong: folds what waits into the total, and readers count it twice meanwhile  [test_reads_while_threads_add]
import threading


class SafeCounter:
    """Collects additions and folds them now and then; reading takes no lock."""

    def __init__(self, start: int = 0) -> None:
        self._total = start
        self._pending: list[int] = []
        self._lock = threading.Lock()

    def add(self, n: int = 1) -> None:
        with self._lock:
            self._pending.append(n)
            if len(self._pending) >= 64:
                for amount in self._pending:
                    self._total += amount
                self._pending = []

    @property
    def value(self) -> int:
        return self._total + sum(self._pending)
