import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1:
        raise ValueError(f"max_attempts must be at least 1, not {max_attempts}")
    if delay < 0:
        raise ValueError(f"delay must not be negative: {delay}")

    def decorate(function):
        if inspect.iscoroutinefunction(function):
            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                wait, last = delay, None
                for _ in range(max_attempts):
                    try:
                        return await function(*args, **kwargs)
                    except exceptions as error:
                        last = error
                    pausing = (asyncio.sleep if sleep is time.sleep else sleep)(wait)
                    if inspect.isawaitable(pausing):
                        await pausing
                    wait *= backoff
                raise last
        else:
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                wait, last = delay, None
                for _ in range(max_attempts):
                    try:
                        return function(*args, **kwargs)
                    except exceptions as error:
                        last = error
                    sleep(wait)
                    wait *= backoff
                raise last
        return wrapper

    return decorate
