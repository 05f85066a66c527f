# wrong: a cancel that comes during the sleep only cuts the sleep short  [test_cancelling_works]
import asyncio
import contextlib
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError("max_attempts or delay")

    async def nap(seconds):
        waiting = asyncio.sleep(seconds) if sleep is time.sleep else sleep(seconds)
        if inspect.isawaitable(waiting):
            with contextlib.suppress(asyncio.CancelledError):
                await waiting

    def decorate(function):
        @functools.wraps(function)
        async def coroutine(*args, **kwargs):
            left, wait = max_attempts, delay
            while left > 1:
                try:
                    return await function(*args, **kwargs)
                except exceptions:
                    await nap(wait)
                left, wait = left - 1, wait * backoff
            return await function(*args, **kwargs)

        @functools.wraps(function)
        def plain(*args, **kwargs):
            left, wait = max_attempts, delay
            while left > 1:
                try:
                    return function(*args, **kwargs)
                except exceptions:
                    sleep(wait)
                left, wait = left - 1, wait * backoff
            return function(*args, **kwargs)

        return coroutine if inspect.iscoroutinefunction(function) else plain

    return decorate
