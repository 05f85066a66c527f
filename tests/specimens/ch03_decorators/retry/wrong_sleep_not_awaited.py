# wrong: calls a coroutine sleep without awaiting it  [test_coroutine_functions_too]
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
                attempt, wait = 1, delay
                while True:
                    try:
                        return await function(*args, **kwargs)
                    except exceptions:
                        if attempt >= max_attempts:
                            raise
                    if sleep is time.sleep:
                        await asyncio.sleep(wait)
                    else:
                        sleep(wait)
                    attempt, wait = attempt + 1, wait * backoff
        else:
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                attempt, wait = 1, delay
                while True:
                    try:
                        return function(*args, **kwargs)
                    except exceptions:
                        if attempt >= max_attempts:
                            raise
                    sleep(wait)
                    attempt, wait = attempt + 1, wait * backoff
        return wrapper

    return decorate
