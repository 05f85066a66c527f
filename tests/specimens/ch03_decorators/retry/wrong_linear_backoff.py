# wrong: delays grow by addition: delay, delay * backoff, 2 * delay * backoff …  [test_delays_grow_by_backoff]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError

    def seconds(failures):
        if failures == 1 or backoff == 1:
            return delay
        return delay * backoff * (failures - 1)

    def decorate(function):
        @functools.wraps(function)
        def plain(*args, **kwargs):
            failures = 0
            while True:
                try:
                    return function(*args, **kwargs)
                except exceptions:
                    failures += 1
                    if failures == max_attempts:
                        raise
                sleep(seconds(failures))

        @functools.wraps(function)
        async def coroutine(*args, **kwargs):
            failures = 0
            while True:
                try:
                    return await function(*args, **kwargs)
                except exceptions:
                    failures += 1
                    if failures == max_attempts:
                        raise
                pause = asyncio.sleep if sleep is time.sleep else sleep
                if inspect.isawaitable(done := pause(seconds(failures))):
                    await done

        return coroutine if inspect.iscoroutinefunction(function) else plain

    return decorate
