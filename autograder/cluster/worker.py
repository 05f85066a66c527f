"""`autograde worker`: a worker of a Dask cluster, until it is asked to end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import dask.config
from distributed import Nanny, Worker

from autograder.cluster.slots import Setup, Slots
from autograder.cluster.tls import Tls

_AGAIN = 2.0  # seconds until the next try to reach a scheduler

CONFIG = {
    "logging": {"distributed": "critical"},  # a nanny's worker reads this
    "distributed.worker.profile.enabled": False,  # it looks at every thread, 100 times a second
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a worker works, and how it appears there.

    With ``nanny``, a process beside it starts it again when it is killed. ``host`` is the address
    that others reach it at, where Dask finds none by itself.
    """

    scheduler: str
    name: str | None = None
    host: str | None = None
    tls: Tls | None = None
    nanny: bool = True
    dashboard: bool = False


def run(place: Place, setup: Setup, say: Callable[[str], None]) -> None:
    """Work for a scheduler until a signal asks to end; a scheduler that is gone is waited for."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with dask.config.set(CONFIG):
        asyncio.run(_run(place, setup, _once(say)))


async def _run(place: Place, setup: Setup, say: Callable[[str], None]) -> None:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, asked.set)
    waiting = False
    while not asked.is_set():
        if not await _reachable(place):
            if not waiting:
                say(f"waiting for the scheduler at {place.scheduler}")
            waiting = True
            await _pause(asked, _AGAIN)
            continue
        waiting = False
        await _serve(place, setup, say, asked)
    say("ended")


async def _pause(asked: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asked.wait(), seconds)


async def _reachable(place: Place) -> bool:
    from distributed.comm import connect

    arguments = place.tls.security().get_connection_args("worker") if place.tls else {}
    try:
        comm = await connect(place.scheduler, timeout=5, **arguments)
    except (OSError, TimeoutError):
        return False
    await comm.close()
    return True


async def _serve(
    place: Place, setup: Setup, say: Callable[[str], None], asked: asyncio.Event
) -> None:
    """One connection, until it or the worker ends."""
    # Nobody who grades reads what Dask would have to say about memory: its data are small.
    options: dict[str, Any] = {
        "nthreads": setup.facts.slots,
        "memory_limit": 0,
        "name": place.name,
        "host": place.host,
        "plugins": (Slots(setup),),
        "dashboard": place.dashboard,
        "dashboard_address": ":0" if place.dashboard else None,
        "security": place.tls.security() if place.tls is not None else None,
        "silence_logs": logging.CRITICAL,
    }
    kind: Any = Nanny if place.nanny else Worker
    worker = kind(place.scheduler, **options)
    try:
        await worker
        address = worker.worker_address if place.nanny else worker.address
        say(f"worker {address} takes jobs, {setup.facts.slots} at a time")
        finished = asyncio.ensure_future(worker.finished())
        wanted = asyncio.ensure_future(asked.wait())
        await asyncio.wait([finished, wanted], return_when=asyncio.FIRST_COMPLETED)
        wanted.cancel()
        if not asked.is_set():
            say(f"the connection to {place.scheduler} has ended")
        await worker.close(timeout=10)
        await finished
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        # A scheduler refuses, for example, a second worker of the same name.
        say(f"the worker did not start at {place.scheduler}, and tries again: {_reason(error)}")
        await _pause(asked, _AGAIN)
    finally:
        with contextlib.suppress(Exception):
            await worker.close(timeout=10)


def _reason(error: BaseException) -> str:
    """What began it, in one line."""
    while error.__cause__ is not None:
        error = error.__cause__
    words = (str(error).splitlines() or [type(error).__name__])[0][:300]
    answer = re.search(r"'message': '(.+?)', 'time'", words)  # of a scheduler that refuses
    return answer[1] if answer else words


def _once(say: Callable[[str], None]) -> Callable[[str], None]:
    """Say nothing twice in a row."""
    last = ""

    def said(words: str) -> None:
        nonlocal last
        if words != last:
            last = words
            say(words)

    return said
