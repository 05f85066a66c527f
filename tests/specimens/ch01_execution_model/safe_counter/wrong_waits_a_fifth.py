# wrong: waits for the lock for a fifth of a second at most, and then adds without it  [test_nothing_is_lost]
import threading


class SafeCounter:
    def __init__(self, start: int = 0) -> None:
        self._total = start
        self._lock = threading.Lock()

    def add(self, n: int = 1) -> None:
        locked = self._lock.acquire(timeout=0.2)
        try:
            total = self._total
            self._total = total + n
        finally:
            if locked:
                self._lock.release()

    @property
    def value(self) -> int:
        return self._total
