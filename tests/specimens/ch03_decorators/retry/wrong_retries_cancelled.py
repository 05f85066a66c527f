# wrong: lists CancelledError with the failures of a coroutine, so a cancelled task tries again  [test_cancelling_works]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1:
        raise ValueError("max_attempts must be at least 1")
    if delay < 0:
        raise ValueError("delay must not be negative")

    def decorate(func):
        @functools.wraps(func)
        async def async_wrapper(*args, **kwargs):
            wait = delay
            for attempt in range(max_attempts):
                try:
                    return await func(*args, **kwargs)
                except (*exceptions, asyncio.CancelledError):
                    if attempt == max_attempts - 1:
                        raise
                    if sleep is time.sleep:
                        await asyncio.sleep(wait)
                    else:
                        napping = sleep(wait)
                        if inspect.isawaitable(napping):
                            await napping
                    wait *= backoff

        @functools.wraps(func)
        def sync_wrapper(*args, **kwargs):
            wait = delay
            for attempt in range(max_attempts):
                try:
                    return func(*args, **kwargs)
                except exceptions:
                    if attempt == max_attempts - 1:
                        raise
                    sleep(wait)
                    wait *= backoff

        return async_wrapper if inspect.iscoroutinefunction(func) else sync_wrapper

    return decorate
