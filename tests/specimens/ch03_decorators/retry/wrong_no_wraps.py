# wrong: loses name and docstring  [test_metadata_kept]
import asyncio
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError(f"max_attempts={max_attempts}, delay={delay}")
    pauses = tuple(delay * backoff**n for n in range(max_attempts - 1))

    def decorate(function):
        def wrapper(*args, **kwargs):
            for pause in pauses:
                try:
                    return function(*args, **kwargs)
                except exceptions:
                    sleep(pause)
            return function(*args, **kwargs)

        async def async_wrapper(*args, **kwargs):
            for pause in pauses:
                try:
                    return await function(*args, **kwargs)
                except exceptions:
                    waiting = asyncio.sleep(pause) if sleep is time.sleep else sleep(pause)
                if inspect.isawaitable(waiting):
                    await waiting
            return await function(*args, **kwargs)

        return async_wrapper if inspect.iscoroutinefunction(function) else wrapper

    return decorate
