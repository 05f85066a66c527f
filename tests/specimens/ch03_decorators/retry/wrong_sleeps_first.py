# wrong: sleeps before every attempt, the first one too  [test_tries_again_until_it_works]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1:
        raise ValueError("max_attempts")
    if delay < 0:
        raise ValueError("delay")
    waits = [delay * backoff**n for n in range(max_attempts)]

    def decorate(function):
        @functools.wraps(function)
        def plain(*args, **kwargs):
            for wait in waits:
                sleep(wait)
                try:
                    return function(*args, **kwargs)
                except exceptions as error:
                    last = error
            raise last

        @functools.wraps(function)
        async def coroutine(*args, **kwargs):
            for wait in waits:
                waiting = asyncio.sleep(wait) if sleep is time.sleep else sleep(wait)
                if inspect.isawaitable(waiting):
                    await waiting
                try:
                    return await function(*args, **kwargs)
                except exceptions as error:
                    last = error
            raise last

        return coroutine if inspect.iscoroutinefunction(function) else plain

    return decorate
