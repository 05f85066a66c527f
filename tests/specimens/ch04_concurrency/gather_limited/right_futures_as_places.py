# right: a Semaphore subclass hands out slots while futures keep the places and the first failure
from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


class Slots(asyncio.Semaphore):
    async def __aenter__(self):
        await self.acquire()
        return self


async def gather_limited(
    factories: Iterable[Callable[[], Coroutine[Any, Any, T]]], limit: int
) -> list[T]:
    if limit < 1:
        raise ValueError(f"limit is {limit}, it must be 1 or more")
    loop = asyncio.get_running_loop()
    failed: asyncio.Future[BaseException] = loop.create_future()
    results: list[asyncio.Future[T]] = []
    running: set[asyncio.Task[None]] = set()
    slots = Slots(limit)

    async def run(factory, place):
        try:
            place.set_result(await factory())
        except asyncio.CancelledError as error:
            if not place.done():
                place.cancel()
            if not failed.done() and not closing:
                failed.set_result(error)
            raise
        except BaseException as error:
            if not failed.done():
                failed.set_result(error)
        finally:
            slots.release()

    closing = False
    try:
        for factory in factories:
            ticket = asyncio.ensure_future(slots.acquire())
            try:
                await asyncio.wait({ticket, failed}, return_when=asyncio.FIRST_COMPLETED)
            except BaseException:
                ticket.cancel()
                raise
            if failed.done():
                ticket.cancel()
                break
            place = loop.create_future()
            results.append(place)
            task = loop.create_task(run(factory, place))
            running.add(task)
            task.add_done_callback(running.discard)
        while running and not failed.done():
            await asyncio.wait({*running, failed}, return_when=asyncio.FIRST_COMPLETED)
        if failed.done():
            raise failed.result()
        return [place.result() for place in results]
    finally:
        closing = True
        left = list(running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        if not failed.done():
            failed.cancel()
