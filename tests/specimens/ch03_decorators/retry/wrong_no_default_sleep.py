# wrong: sleeps only if a sleep is passed  [test_defaults]
import asyncio
import functools
import inspect


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=None):
    if max_attempts < 1 or delay < 0:
        raise ValueError("max_attempts or delay")

    def decorate(function):
        if inspect.iscoroutinefunction(function):
            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                for n in range(max_attempts):
                    try:
                        return await function(*args, **kwargs)
                    except exceptions:
                        if n + 1 == max_attempts:
                            raise
                    waiting = (sleep or asyncio.sleep)(delay * backoff**n)
                    if waiting is not None:
                        await waiting
            return wrapper

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for n in range(max_attempts):
                try:
                    return function(*args, **kwargs)
                except exceptions:
                    if n + 1 == max_attempts:
                        raise
                if sleep:
                    sleep(delay * backoff**n)
        return wrapper

    return decorate
