# wrong: raises an error of its own from the last one  [test_raises_the_last_error]
import asyncio
import functools
import inspect
import time


class RetryError(RuntimeError):
    pass


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if not isinstance(max_attempts, int):
        raise TypeError("max_attempts")
    if max_attempts < 1 or delay < 0:
        raise ValueError("max_attempts or delay")

    def after(number, error):
        if number == max_attempts:
            raise RetryError(f"gave up after {max_attempts} attempts") from error
        return delay * backoff ** (number - 1)

    def decorate(function):
        @functools.wraps(function)
        def plain(*args, **kwargs):
            for number in range(1, max_attempts + 1):
                try:
                    return function(*args, **kwargs)
                except exceptions as error:
                    sleep(after(number, error))

        @functools.wraps(function)
        async def coroutine(*args, **kwargs):
            for number in range(1, max_attempts + 1):
                try:
                    return await function(*args, **kwargs)
                except exceptions as error:
                    seconds = after(number, error)
                waiting = asyncio.sleep(seconds) if sleep is time.sleep else sleep(seconds)
                if waiting is not None:
                    await waiting

        return coroutine if asyncio.iscoroutinefunction(function) else plain

    return decorate
