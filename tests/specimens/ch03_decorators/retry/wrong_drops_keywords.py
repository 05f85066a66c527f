# wrong: keyword arguments reach the first attempt only  [test_arguments_and_methods]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
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
                        if n == max_attempts - 1:
                            raise
                    pause = delay * backoff**n
                    waiting = asyncio.sleep(pause) if sleep is time.sleep else sleep(pause)
                    if waiting is not None:
                        await waiting
            return wrapper

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            try:
                return function(*args, **kwargs)
            except exceptions:
                if max_attempts == 1:
                    raise
            pause = delay
            for n in range(2, max_attempts + 1):
                sleep(pause)
                try:
                    return function(*args)
                except exceptions:
                    if n == max_attempts:
                        raise
                pause *= backoff
        return wrapper

    return decorate
