# wrong: retries every Exception, whatever is listed  [test_only_listed_exceptions]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if not isinstance(max_attempts, int):
        raise TypeError("max_attempts must be an int")
    if max_attempts < 1 or delay < 0:
        raise ValueError("max_attempts must be >= 1 and delay >= 0")

    def decorate(function):
        def next_wait(number, error):
            if number >= max_attempts:
                raise error
            return delay * backoff ** (number - 1)

        if inspect.iscoroutinefunction(function):
            async def wrapper(*args, **kwargs):
                number = 1
                while True:
                    try:
                        return await function(*args, **kwargs)
                    except Exception as error:
                        wait = next_wait(number, error)
                    if inspect.isawaitable(w := (asyncio.sleep if sleep is time.sleep else sleep)(wait)):
                        await w
                    number += 1
        else:
            def wrapper(*args, **kwargs):
                number = 1
                while True:
                    try:
                        return function(*args, **kwargs)
                    except Exception as error:
                        sleep(next_wait(number, error))
                    number += 1
        return functools.wraps(function)(wrapper)

    return decorate
