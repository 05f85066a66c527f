# right: a loop with itertools.accumulate for the delays and a named tuple as the plan
from __future__ import annotations

import asyncio
import functools
import inspect
import itertools
import logging
import numbers
import time
import typing

_log = logging.getLogger("retry")
_log.addHandler(logging.NullHandler())


class Policy(typing.NamedTuple):
    attempts: int
    delay: float
    backoff: float
    exceptions: tuple[type[BaseException], ...]

    def waits(self) -> typing.Iterator[float | None]:
        steps = itertools.accumulate(
            itertools.repeat(self.backoff, self.attempts - 1), lambda w, b: w * b, initial=self.delay
        )
        yield from itertools.islice(steps, self.attempts - 1)
        yield None


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if not isinstance(max_attempts, numbers.Real):
        raise TypeError(f"max_attempts must be a number, got {max_attempts!r}")
    if max_attempts < 1:
        raise ValueError(f"max_attempts must be 1 or more, got {max_attempts!r}")
    if delay < 0:
        raise ValueError(f"delay must not be negative, got {delay!r}")
    policy = Policy(max_attempts, delay, backoff, exceptions)

    def decorate(function):
        async def again(*args, **kwargs):
            for wait in policy.waits():
                try:
                    return await function(*args, **kwargs)
                except policy.exceptions as error:
                    if wait is None:
                        raise
                    _log.debug("attempt failed: %r", error)
                if sleep is time.sleep:
                    await asyncio.sleep(wait)
                else:
                    slept = sleep(wait)
                    if inspect.isawaitable(slept):
                        await slept

        def once_more(*args, **kwargs):
            for wait in policy.waits():
                try:
                    return function(*args, **kwargs)
                except policy.exceptions as error:
                    if wait is None:
                        raise
                    _log.debug("attempt failed: %r", error)
                sleep(wait)

        core = again if inspect.iscoroutinefunction(function) else once_more
        return functools.wraps(function)(core)

    return decorate
