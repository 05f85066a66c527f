# wrong: awaits whatever sleep returned, None too  [test_plain_sleep_with_coroutine_function]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1:
        raise ValueError("max_attempts")
    if delay < 0:
        raise ValueError("delay")

    def decorate(function):
        if inspect.iscoroutinefunction(function):
            pause = asyncio.sleep if sleep is time.sleep else sleep

            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                wait = delay
                for attempt in range(max_attempts):
                    try:
                        return await function(*args, **kwargs)
                    except exceptions:
                        if attempt == max_attempts - 1:
                            raise
                    await pause(wait)
                    wait *= backoff

            return wrapper

        @functools.wraps(function)
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
