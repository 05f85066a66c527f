# wrong: starts the coroutine sleep as a task and does not wait for it  [test_coroutine_functions_too]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError("max_attempts or delay")

    def decorate(function):
        @functools.wraps(function)
        async def coroutine(*args, **kwargs):
            for n in range(max_attempts - 1):
                try:
                    return await function(*args, **kwargs)
                except exceptions:
                    pause = asyncio.sleep if sleep is time.sleep else sleep
                    waiting = pause(delay * backoff**n)
                    if inspect.isawaitable(waiting):
                        asyncio.create_task(waiting)
            return await function(*args, **kwargs)

        @functools.wraps(function)
        def plain(*args, **kwargs):
            for n in range(max_attempts - 1):
                try:
                    return function(*args, **kwargs)
                except exceptions:
                    sleep(delay * backoff**n)
            return function(*args, **kwargs)

        return coroutine if inspect.iscoroutinefunction(function) else plain

    return decorate
