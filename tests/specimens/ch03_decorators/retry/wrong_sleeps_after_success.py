# wrong: sleeps in a finally, so also after a call that worked  [test_counts_attempts]
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
                    finally:
                        if n < max_attempts - 1:
                            seconds = delay * backoff**n
                            done = asyncio.sleep(seconds) if sleep is time.sleep else sleep(seconds)
                            if inspect.isawaitable(done):
                                await done
            return wrapper

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for n in range(max_attempts):
                try:
                    return function(*args, **kwargs)
                except exceptions:
                    if n == max_attempts - 1:
                        raise
                finally:
                    if n < max_attempts - 1:
                        sleep(delay * backoff**n)

        return wrapper

    return decorate
