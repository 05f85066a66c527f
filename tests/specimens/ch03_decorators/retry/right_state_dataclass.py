# right: the loop is a dataclass whose state is a while; the last error is raised with its own traceback outside the handler
from __future__ import annotations

import asyncio
import dataclasses
import functools
import inspect
import time
from collections.abc import Callable
from typing import Any


@dataclasses.dataclass
class State:
    left: int
    wait: float
    factor: float
    error: BaseException | None = None

    def failed(self, error: BaseException) -> bool:
        self.left -= 1
        self.error = error
        return self.left > 0

    def next_wait(self) -> float:
        now, self.wait = self.wait, self.wait * self.factor
        return now


def retry(
    max_attempts: int = 3,
    delay: float = 1.0,
    *,
    backoff: float = 1.0,
    exceptions: tuple[type[BaseException], ...] = (Exception,),
    sleep: Callable[[float], Any] = time.sleep,
):
    if isinstance(max_attempts, (str, bytes, type(None))) or not hasattr(max_attempts, "__index__"):
        raise TypeError(f"max_attempts: expected an int, got {type(max_attempts).__name__}")
    if max_attempts < 1 or delay < 0:
        raise ValueError(f"bad arguments: {max_attempts=}, {delay=}")
    begin = functools.partial(State, max_attempts, delay, backoff)

    def decorate(function):
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapped(*args, **kwargs):
                state = begin()
                while True:
                    try:
                        value = await function(*args, **kwargs)
                    except exceptions as error:
                        if not state.failed(error):
                            break
                    else:
                        return value
                    if inspect.iscoroutinefunction(sleep):
                        await sleep(state.next_wait())
                    elif sleep is time.sleep:
                        await asyncio.wait([asyncio.create_task(asyncio.sleep(state.next_wait()))])
                    else:
                        sleep(state.next_wait())
                try:
                    raise state.error
                finally:
                    del state

        else:

            @functools.wraps(function)
            def wrapped(*args, **kwargs):
                state = begin()
                while True:
                    try:
                        value = function(*args, **kwargs)
                    except exceptions as error:
                        if not state.failed(error):
                            break
                    else:
                        return value
                    sleep(state.next_wait())
                try:
                    raise state.error
                finally:
                    del state

        return wrapped

    return decorate
