"""Where the time goes: exclusive wall and CPU seconds by phase, from wrapped functions."""

from __future__ import annotations

import functools
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Phases:
    """A stack of phases; each second belongs to the innermost one."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)
        self._stack: list[str] = []
        self._since = time.perf_counter()

    def _turn(self) -> None:
        now = time.perf_counter()
        if self._stack:
            self.seconds[self._stack[-1]] += now - self._since
        self._since = now

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """The block belongs to ``name``, apart from phases entered within it."""
        self._turn()
        self._stack.append(name)
        self.calls[name] += 1
        try:
            yield
        finally:
            self._turn()
            self._stack.pop()

    def wrap(self, owner: Any, attribute: str, name: str) -> None:
        """Make every call of ``owner.attribute`` a phase (in this process, for good)."""
        function = getattr(owner, attribute)

        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.phase(name):
                return function(*args, **kwargs)

        setattr(owner, attribute, timed)
