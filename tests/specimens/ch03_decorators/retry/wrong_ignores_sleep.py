# wrong: sleeps with time.sleep whatever `sleep` is passed  [test_tries_again_until_it_works]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError("max_attempts or delay")

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for n in range(max_attempts):
                try:
                    return function(*args, **kwargs)
                except exceptions:
                    if n + 1 == max_attempts:
                        raise
                    time.sleep(min(0.001, delay * backoff**n))

        @functools.wraps(function)
        async def async_wrapper(*args, **kwargs):
            for n in range(max_attempts):
                try:
                    return await function(*args, **kwargs)
                except exceptions:
                    if n + 1 == max_attempts:
                        raise
                    await asyncio.sleep(min(0.001, delay * backoff**n))

        return async_wrapper if inspect.iscoroutinefunction(function) else wrapper

    return decorate
