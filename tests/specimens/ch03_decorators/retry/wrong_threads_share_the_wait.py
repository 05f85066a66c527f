# wrong: the wait is set anew by each call, but in a variable that all threads share  [test_threads_do_not_share]
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
        wait = delay

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            nonlocal wait
            wait = delay
            for attempt in range(max_attempts):
                try:
                    return function(*args, **kwargs)
                except exceptions:
                    if attempt == max_attempts - 1:
                        raise
                    sleep(wait)
                    wait *= backoff

        @functools.wraps(function)
        async def async_wrapper(*args, **kwargs):
            own = delay
            for attempt in range(max_attempts):
                try:
                    return await function(*args, **kwargs)
                except exceptions:
                    if attempt == max_attempts - 1:
                        raise
                    done = asyncio.sleep(own) if sleep is time.sleep else sleep(own)
                    if inspect.isawaitable(done):
                        await done
                    own *= backoff

        return async_wrapper if inspect.iscoroutinefunction(function) else wrapper

    return decorate
