import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1:
        raise ValueError("max_attempts must be 1 or more")
    if delay < 0:
        raise ValueError("delay must be 0 or more")

    def decorate(function):
        if inspect.iscoroutinefunction(function):
            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                for left in reversed(range(max_attempts)):
                    try:
                        return await function(*args, **kwargs)
                    except exceptions:
                        if not left:
                            raise
                    if sleep is time.sleep:
                        await asyncio.sleep(delay)
                    elif inspect.isawaitable(waiting := sleep(delay)):
                        await waiting
            return wrapper

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for left in reversed(range(max_attempts)):
                try:
                    return function(*args, **kwargs)
                except exceptions:
                    if not left:
                        raise
                sleep(delay)
        return wrapper

    return decorate
