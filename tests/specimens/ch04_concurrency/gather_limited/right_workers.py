# right: `limit` workers, however few factories there are
from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


async def gather_limited(factories: Iterable[Callable[[], Awaitable[T]]], limit: int) -> list[T]:
    if not isinstance(limit, int) or isinstance(limit, bool):
        raise TypeError(f"limit must be an int, got {limit!r}")
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit!r}")
    source = enumerate(factories)
    results: dict[int, Any] = {}

    async def worker() -> None:
        for i, factory in source:
            results[i] = await factory()

    workers = [asyncio.create_task(worker()) for _ in range(limit)]
    try:
        done, _ = await asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION)
        for w in done:
            w.result()
    finally:
        for w in workers:
            w.cancel()
        await asyncio.wait(workers)
    return [results[i] for i in sorted(results)]
