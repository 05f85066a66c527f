# wrong: two limbs under a lock, read without it: a reader sees half of a carry  [test_reads_while_threads_add]
import threading


_BASE = 1 << 32


class SafeCounter:
    def __init__(self, start: int = 0) -> None:
        self._lock = threading.Lock()
        self._high, self._low = divmod(start, _BASE)

    def add(self, n: int = 1) -> None:
        with self._lock:
            carry, low = divmod(self._low + n, _BASE)
            self._low = low
            if carry:
                self._high += carry

    @property
    def value(self) -> int:
        return self._high * _BASE + self._low
