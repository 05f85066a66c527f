# right: recursion instead of a loop, the error kept in a variable and raised after the try
import asyncio
import functools
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if type(max_attempts) is not int:
        raise TypeError("max_attempts")
    if max_attempts <= 0 or delay < 0:
        raise ValueError("max_attempts or delay")

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
            if sleep is time.sleep:
                await asyncio.sleep(pause)
            else:
                await sleep(pause)
            return await attempt_async(left - 1, pause * backoff, args, kwargs)

        run = attempt_async if asyncio.iscoroutinefunction(f) else attempt

        @functools.wraps(f)
        def wrapper(*args, **kwargs):
            return run(max_attempts, delay, args, kwargs)

        return wrapper

    return decorate
