# right: a frozen dataclass, whose error is a kind of AttributeError, around a locked list
from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass(frozen=True, eq=False)
class SafeCounter:
    start: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _total: list[int] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        self._total.append(self.start)

    def add(self, n: int = 1) -> None:
        with self._lock:
            self._total[0] += n

    @property
    def value(self) -> int:
        with self._lock:
            return self._total[0]
