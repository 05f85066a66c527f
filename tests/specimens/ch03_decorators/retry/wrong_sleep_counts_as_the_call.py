# wrong: sleeps within the try, so an exception of sleep is taken for one of the function  [test_sleep_may_raise]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError(f"max_attempts={max_attempts}, delay={delay}")
    pause = asyncio.sleep if sleep is time.sleep else sleep

    def decorate(function):
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                for n in range(max_attempts):
                    try:
                        if n > 0:
                            waiting = pause(delay * backoff ** (n - 1))
                            if inspect.isawaitable(waiting):
                                await waiting
                        return await function(*args, **kwargs)
                    except exceptions:
                        if n == max_attempts - 1:
                            raise

        else:

            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                for n in range(max_attempts):
                    try:
                        if n > 0:
                            sleep(delay * backoff ** (n - 1))
                        return function(*args, **kwargs)
                    except exceptions:
                        if n == max_attempts - 1:
                            raise

        return wrapper

    return decorate
