# wrong: reads the number of attempts from a text, too  [test_arguments_checked_at_decoration]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    try:
        max_attempts = int(max_attempts)
    except ValueError:
        raise TypeError(f"max_attempts is not a number: {max_attempts!r}") from None
    if max_attempts < 1 or delay < 0:
        raise ValueError(f"max_attempts={max_attempts}, delay={delay}")
    pause = asyncio.sleep if sleep is time.sleep else sleep

    def decorate(function):
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                for n in range(max_attempts):
                    try:
                        return await function(*args, **kwargs)
                    except exceptions:
                        if n == max_attempts - 1:
                            raise
                    waiting = pause(delay * backoff**n)
                    if inspect.isawaitable(waiting):
                        await waiting

        else:

            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                for n in range(max_attempts):
                    try:
                        return function(*args, **kwargs)
                    except exceptions:
                        if n == max_attempts - 1:
                            raise
                    sleep(delay * backoff**n)

        return wrapper

    return decorate
