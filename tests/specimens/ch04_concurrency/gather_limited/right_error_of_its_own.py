# right: typed and strict; a dict of running tasks; its error is a kind of ValueError
"""Bounded gathering of coroutines."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar, final

__all__ = ["gather_limited"]

T = TypeVar("T")
_log: Final = logging.getLogger(__name__)


class LimitError(ValueError):
    pass


@final
@dataclass(slots=True)
class _Run(Generic[T]):
    limit: int
    results: dict[int, T] = field(default_factory=dict)
    running: dict[asyncio.Task[T], int] = field(default_factory=dict)

    async def drain(self) -> None:
        for task in self.running:
            task.cancel()
        if self.running:
            await asyncio.gather(*self.running, return_exceptions=True)

    async def step(self) -> None:
        done, _ = await asyncio.wait(self.running, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            place = self.running.pop(task)
            self.results[place] = task.result()


async def gather_limited(
    factories: Iterable[Callable[[], Coroutine[Any, Any, T]]], limit: int
) -> list[T]:
    if isinstance(limit, bool) or not isinstance(limit, int):
        raise TypeError(f"limit must be an int, got {limit!r}")
    if limit < 1:
        raise LimitError(f"limit must be >= 1, got {limit!r}")
    run: _Run[T] = _Run(limit)
    try:
        for place, factory in enumerate(factories):
            if not callable(factory):
                raise TypeError(f"factory {place} is not callable: {factory!r}")
            while len(run.running) >= limit:
                await run.step()
            run.running[asyncio.create_task(factory())] = place
        while run.running:
            await run.step()
    finally:
        await run.drain()
    return [run.results[place] for place in sorted(run.results)]
