# right: a loop of context managers that swallow a failure and say how long to wait after it
from __future__ import annotations

import asyncio
import functools
import inspect
import time
from dataclasses import dataclass


@dataclass
class Attempt:
    last: bool
    exceptions: tuple
    failed: bool = False

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.failed = error is not None
        return self.failed and not self.last and isinstance(error, self.exceptions)


@dataclass(frozen=True)
class Policy:
    max_attempts: int
    delay: float
    backoff: float
    exceptions: tuple
    sleep: object

    def __post_init__(self):
        if self.max_attempts < 1:
            raise ValueError(f"max_attempts must be at least 1, not {self.max_attempts}")
        if self.delay < 0:
            raise ValueError(f"delay must not be negative, not {self.delay}")

    def attempts(self):
        pause = self.delay
        for number in range(self.max_attempts, 0, -1):
            yield Attempt(number == 1, self.exceptions), pause
            pause = pause * self.backoff

    def plain(self, function, args, kwargs):
        for attempt, pause in self.attempts():
            with attempt:
                return function(*args, **kwargs)
            self.sleep(pause)

    async def coroutine(self, function, args, kwargs):
        for attempt, pause in self.attempts():
            with attempt:
                return await function(*args, **kwargs)
            if self.sleep == time.sleep:
                await asyncio.sleep(pause)
            elif inspect.iscoroutinefunction(self.sleep):
                await self.sleep(pause)
            else:
                self.sleep(pause)

    def __call__(self, function):
        if inspect.iscoroutinefunction(function):
            async def retrying(*args, **kwargs):
                return await self.coroutine(function, args, kwargs)
        else:
            def retrying(*args, **kwargs):
                return self.plain(function, args, kwargs)
        return functools.wraps(function)(retrying)


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    return Policy(max_attempts, delay, backoff, exceptions, sleep)
