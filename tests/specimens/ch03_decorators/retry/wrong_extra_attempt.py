# wrong: max_attempts retries after the first call: one attempt too many  [test_counts_attempts]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError("max_attempts must be positive and delay not negative")
    pauses = [delay * backoff**n for n in range(max_attempts)]

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for pause in pauses:
                try:
                    return function(*args, **kwargs)
                except exceptions:
                    sleep(pause)
            return function(*args, **kwargs)

        @functools.wraps(function)
        async def async_wrapper(*args, **kwargs):
            for pause in pauses:
                try:
                    return await function(*args, **kwargs)
                except exceptions:
                    done = asyncio.sleep(pause) if sleep is time.sleep else sleep(pause)
                    if inspect.isawaitable(done):
                        await done
            return await function(*args, **kwargs)

        return async_wrapper if inspect.iscoroutinefunction(function) else wrapper

    return decorate
