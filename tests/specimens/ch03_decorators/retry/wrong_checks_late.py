# wrong: arguments are looked at only when the function is called  [test_arguments_checked_at_decoration]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    def pauses():
        if not isinstance(max_attempts, int):
            raise TypeError(f"max_attempts must be an int, not {max_attempts!r}")
        if max_attempts < 1:
            raise ValueError(f"max_attempts must be at least 1, not {max_attempts}")
        if delay < 0:
            raise ValueError(f"delay must not be negative, not {delay}")
        pause = delay
        for _ in range(max_attempts - 1):
            yield pause
            pause *= backoff

    def decorate(function):
        if inspect.iscoroutinefunction(function):
            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                for pause in pauses():
                    try:
                        return await function(*args, **kwargs)
                    except exceptions:
                        waiting = (asyncio.sleep if sleep is time.sleep else sleep)(pause)
                        if inspect.isawaitable(waiting):
                            await waiting
                return await function(*args, **kwargs)
        else:
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                for pause in pauses():
                    try:
                        return function(*args, **kwargs)
                    except exceptions:
                        sleep(pause)
                return function(*args, **kwargs)
        return wrapper

    return decorate
