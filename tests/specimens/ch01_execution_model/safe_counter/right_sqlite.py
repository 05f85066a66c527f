# right: the total is a row of an in-memory database that all threads share, one statement an addition
from __future__ import annotations

import sqlite3
import threading
from contextlib import closing


class SafeCounter:
    def __init__(self, start: int = 0) -> None:
        self._base = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._turn = threading.RLock()
        self._base.execute("create table total (amount integer not null)")
        self._base.execute("insert into total values (?)", (start,))

    def add(self, n: int = 1) -> None:
        with self._turn:
            self._base.execute("update total set amount = amount + ?", (n,))

    @property
    def value(self) -> int:
        with self._turn, closing(self._base.cursor()) as cursor:
            ((amount,),) = cursor.execute("select amount from total")
            return amount

    def __del__(self) -> None:
        self._base.close()
