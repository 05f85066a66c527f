# right: attempts that are context managers and swallow their error; async waits are futures of loop.call_later
from __future__ import annotations

import asyncio
import functools
import inspect
import operator
import time


class Attempts:
    """``for attempt in Attempts(...): with attempt: ...``, until one goes well."""

    def __init__(self, plan, exceptions):
        self.plan, self.exceptions, self.over = plan, exceptions, False

    def __iter__(self):
        for number, wait in enumerate(self.plan):
            self.wait, self.last = wait, number == len(self.plan) - 1
            yield self
            if self.over:
                return

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.over = kind is None
        return not self.over and not self.last and issubclass(kind, self.exceptions)


async def _rest(seconds):
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    handle = loop.call_later(seconds, lambda: future.done() or future.set_result(None))
    try:
        await future
    finally:
        handle.cancel()


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    count = operator.index(max_attempts)
    if count < 1:
        raise ValueError(f"max_attempts must be at least 1, got {max_attempts}")
    if delay < 0:
        raise ValueError(f"delay must be at least 0, got {delay}")
    plan = [delay]
    while len(plan) < count:
        plan.append(plan[-1] * backoff)
    asleep = _rest if sleep is time.sleep else sleep

    def decorate(function):
        if inspect.iscoroutinefunction(function):

            async def retried(*args, **kwargs):
                for attempt in Attempts(plan, exceptions):
                    with attempt:
                        return await function(*args, **kwargs)
                    pause = asleep(attempt.wait)
                    if inspect.isawaitable(pause):
                        await pause

        else:

            def retried(*args, **kwargs):
                for attempt in Attempts(plan, exceptions):
                    with attempt:
                        return function(*args, **kwargs)
                    sleep(attempt.wait)

        return functools.update_wrapper(retried, function)

    return decorate
