# wrong: takes a falsy result for a failure  [test_a_result_ends_it]
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
        @functools.wraps(function)
        def plain(*args, **kwargs):
            result, last = None, None
            for n in range(max_attempts):
                if n:
                    sleep(delay * backoff ** (n - 1))
                try:
                    result, last = function(*args, **kwargs), None
                except exceptions as error:
                    last = error
                if result:
                    break
            if last is not None:
                raise last
            return result

        @functools.wraps(function)
        async def coroutine(*args, **kwargs):
            for n in range(max_attempts):
                if n:
                    seconds = delay * backoff ** (n - 1)
                    napping = asyncio.sleep(seconds) if sleep is time.sleep else sleep(seconds)
                    if inspect.isawaitable(napping):
                        await napping
                try:
                    return await function(*args, **kwargs)
                except exceptions as error:
                    last = error
            raise last

        return coroutine if inspect.iscoroutinefunction(function) else plain

    return decorate
