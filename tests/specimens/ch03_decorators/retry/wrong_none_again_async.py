# wrong: a coroutine that returns None is called again  [test_coroutine_functions_follow_the_rules]
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
                result = None
                for n in range(max_attempts):
                    try:
                        result = await function(*args, **kwargs)
                        if result is not None:
                            break
                    except exceptions:
                        if n == max_attempts - 1:
                            raise
                    if n < max_attempts - 1:
                        waiting = pause(delay * backoff**n)
                        if inspect.isawaitable(waiting):
                            await waiting
                return result

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
