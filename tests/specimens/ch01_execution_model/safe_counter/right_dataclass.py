# right: a dataclass with a semaphore; add returns the new total
import threading
from dataclasses import InitVar, dataclass, field


@dataclass
class SafeCounter:
    start: InitVar[int] = 0
    _guard: threading.Semaphore = field(default_factory=threading.Semaphore, repr=False)

    def __post_init__(self, start):
        self._count = start

    def add(self, n: int = 1) -> int:
        with self._guard:
            self._count = sum((self._count, n))
            return self._count

    @property
    def value(self) -> int:
        return self._count
