# wrong: loses name and docstring  [test_is_a_good_decorator]
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
            async def wrapper(*args, **kwargs):
                wait = delay
                for attempt in range(max_attempts):
                    try:
                        return await function(*args, **kwargs)
                    except exceptions:
                        if attempt == max_attempts - 1:
                            raise
                        pausing = (asyncio.sleep if sleep is time.sleep else sleep)(wait)
                        if inspect.isawaitable(pausing):
                            await pausing
                        wait *= backoff
        else:
            def wrapper(*args, **kwargs):
                wait = delay
                for attempt in range(max_attempts):
                    try:
                        return function(*args, **kwargs)
                    except exceptions:
                        if attempt == max_attempts - 1:
                            raise
                        sleep(wait)
                        wait *= backoff
        return wrapper

    return decorate
