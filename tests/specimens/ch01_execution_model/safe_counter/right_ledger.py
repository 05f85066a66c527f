# right: amounts in a deque subclass, added up when somebody reads; logging and atexit at module level
from __future__ import annotations

import atexit
import collections
import contextlib
import logging
import threading
import weakref

logging.basicConfig(level=logging.WARNING)
log = logging.getLogger(__name__)
ALIVE: weakref.WeakSet[SafeCounter] = weakref.WeakSet()


class Ledger(collections.deque):
    """Amounts that nobody has added up yet."""


class SafeCounter:
    def __init__(self, start: int = 0) -> None:
        self._settled = int(start)
        self._pending = Ledger()
        self._door = threading.Condition()
        ALIVE.add(self)

    def add(self, n: int = 1) -> None:
        self._pending.append(n)
        log.debug("added %s", n)

    def _settle(self) -> int:
        with self._door:
            with contextlib.suppress(IndexError):
                while True:
                    self._settled += self._pending.popleft()
            return self._settled

    value = property(lambda self: self._settle(), doc="What has been counted.")


@atexit.register
def farewell() -> None:
    for counter in ALIVE:
        log.debug("left at %s", counter.value)
