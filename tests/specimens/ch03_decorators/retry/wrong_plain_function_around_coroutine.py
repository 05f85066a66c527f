# wrong: the wrapper of a coroutine function is a plain function  [test_stays_a_coroutine_function]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1:
        raise ValueError("max_attempts")
    if delay < 0:
        raise ValueError("delay")

    def call(function, args, kwargs):
        for n in range(max_attempts - 1):
            try:
                return function(*args, **kwargs)
            except exceptions:
                sleep(delay * backoff**n)
        return function(*args, **kwargs)

    async def call_later(function, args, kwargs):
        for n in range(max_attempts - 1):
            try:
                return await function(*args, **kwargs)
            except exceptions:
                seconds = delay * backoff**n
            waiting = asyncio.sleep(seconds) if sleep is time.sleep else sleep(seconds)
            if inspect.isawaitable(waiting):
                await waiting
        return await function(*args, **kwargs)

    def decorate(function):
        run = call_later if inspect.iscoroutinefunction(function) else call

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return run(function, args, kwargs)

        return wrapper

    return decorate
