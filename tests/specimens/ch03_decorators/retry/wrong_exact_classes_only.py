# wrong: looks the class up in the list, so subclasses are not retried  [test_only_listed_exceptions]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1:
        raise ValueError("max_attempts")
    if delay < 0:
        raise ValueError("delay")
    everything = Exception in exceptions

    def decorate(function):
        def give_up(error, n):
            return n == max_attempts or not (everything or type(error) in exceptions)

        @functools.wraps(function)
        def plain(*args, **kwargs):
            for n in range(1, max_attempts + 1):
                try:
                    return function(*args, **kwargs)
                except Exception as error:
                    if give_up(error, n):
                        raise
                    sleep(delay * backoff ** (n - 1))

        @functools.wraps(function)
        async def coroutine(*args, **kwargs):
            for n in range(1, max_attempts + 1):
                try:
                    return await function(*args, **kwargs)
                except Exception as error:
                    if give_up(error, n):
                        raise
                    wait = delay * backoff ** (n - 1)
                    waiting = asyncio.sleep(wait) if sleep is time.sleep else sleep(wait)
                    if inspect.isawaitable(waiting):
                        await waiting

        return coroutine if inspect.iscoroutinefunction(function) else plain

    return decorate
