# wrong: the attempts are counted over all calls, so later calls have none left  [test_every_call_starts_anew]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError("max_attempts, delay")

    def decorate(function):
        failures = 0

        def failed():
            nonlocal failures
            failures += 1
            return failures >= max_attempts

        if inspect.iscoroutinefunction(function):
            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                wait = delay
                while True:
                    try:
                        return await function(*args, **kwargs)
                    except exceptions:
                        if failed():
                            raise
                    waiting = (asyncio.sleep if sleep is time.sleep else sleep)(wait)
                    if waiting is not None:
                        await waiting
                    wait *= backoff
        else:
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                wait = delay
                while True:
                    try:
                        return function(*args, **kwargs)
                    except exceptions:
                        if failed():
                            raise
                    sleep(wait)
                    wait *= backoff
        return wrapper

    return decorate
