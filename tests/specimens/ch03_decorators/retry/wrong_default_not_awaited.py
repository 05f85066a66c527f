# wrong: forgets to await asyncio.sleep, so nothing is waited for  [test_default_sleep_leaves_the_loop_free]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError("max_attempts or delay")

    async def nap(seconds):
        if sleep is time.sleep:
            asyncio.sleep(seconds)
        elif inspect.iscoroutinefunction(sleep):
            await sleep(seconds)
        else:
            sleep(seconds)

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
                        await nap(delay * backoff**n)
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
