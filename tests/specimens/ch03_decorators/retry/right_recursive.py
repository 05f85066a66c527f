# right: recursion instead of a loop; a sleep is awaited by what kind of function it is
import asyncio
import functools
import time
from asyncio import iscoroutinefunction


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if type(max_attempts) is not int:
        raise TypeError("max_attempts")
    if max_attempts <= 0 or delay < 0:
        raise ValueError("max_attempts or delay")

    async def nap(seconds):
        if sleep is time.sleep:
            await asyncio.sleep(seconds)
        elif iscoroutinefunction(sleep):
            await sleep(seconds)
        else:
            sleep(seconds)

    def decorate(f):
        def attempt(left, pause, args, kwargs):
            failure = None
            try:
                return f(*args, **kwargs)
            except exceptions as e:
                failure = e
            if left == 1:
                raise failure
            sleep(pause)
            return attempt(left - 1, pause * backoff, args, kwargs)

        async def attempt_async(left, pause, args, kwargs):
            failure = None
            try:
                return await f(*args, **kwargs)
            except exceptions as e:
                failure = e
            if left == 1:
                raise failure
            await nap(pause)
            return await attempt_async(left - 1, pause * backoff, args, kwargs)

        if iscoroutinefunction(f):
            @functools.wraps(f)
            async def wrapper(*args, **kwargs):
                return await attempt_async(max_attempts, delay, args, kwargs)
        else:
            @functools.wraps(f)
            def wrapper(*args, **kwargs):
                return attempt(max_attempts, delay, args, kwargs)
        return wrapper

    return decorate
