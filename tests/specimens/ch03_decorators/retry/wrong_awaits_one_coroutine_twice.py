# wrong: makes the coroutine once and awaits it again, which raises RuntimeError  [test_coroutine_functions_too]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError("max_attempts or delay")
    waits = [delay * backoff**n for n in range(max_attempts - 1)]

    def decorate(function):
        @functools.wraps(function)
        async def coroutine(*args, **kwargs):
            pending = function(*args, **kwargs)
            for wait in waits:
                try:
                    return await pending
                except exceptions:
                    pause = asyncio.sleep if sleep is time.sleep else sleep
                    if inspect.isawaitable(waiting := pause(wait)):
                        await waiting
            return await pending

        @functools.wraps(function)
        def plain(*args, **kwargs):
            for wait in waits:
                try:
                    return function(*args, **kwargs)
                except exceptions:
                    sleep(wait)
            return function(*args, **kwargs)

        return coroutine if inspect.iscoroutinefunction(function) else plain

    return decorate
