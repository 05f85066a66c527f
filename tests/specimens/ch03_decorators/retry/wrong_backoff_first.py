# wrong: multiplies before the first sleep  [test_delays_grow_by_backoff]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError("max_attempts < 1 or delay < 0")

    def decorate(function):
        def plain(attempt, *args, **kwargs):
            try:
                return function(*args, **kwargs)
            except exceptions:
                if attempt == max_attempts:
                    raise
                sleep(delay * backoff**attempt)
            return plain(attempt + 1, *args, **kwargs)

        async def coroutine(attempt, *args, **kwargs):
            try:
                return await function(*args, **kwargs)
            except exceptions:
                if attempt == max_attempts:
                    raise
                pause = asyncio.sleep if sleep is time.sleep else sleep
                waiting = pause(delay * backoff**attempt)
                if inspect.isawaitable(waiting):
                    await waiting
            return await coroutine(attempt + 1, *args, **kwargs)

        if inspect.iscoroutinefunction(function):
            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                return await coroutine(1, *args, **kwargs)
        else:
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                return plain(1, *args, **kwargs)
        return wrapper

    return decorate
