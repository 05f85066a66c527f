# wrong: raises a new exception of the same type and text  [test_raises_the_last_error]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError((max_attempts, delay))

    def decorate(function):
        is_async = inspect.iscoroutinefunction(function)

        async def slumber(seconds):
            if sleep is time.sleep:
                await asyncio.sleep(seconds)
            elif inspect.isawaitable(waiting := sleep(seconds)):
                await waiting

        @functools.wraps(function)
        def plain(*args, **kwargs):
            seconds, left = delay, max_attempts
            while True:
                try:
                    return function(*args, **kwargs)
                except exceptions as error:
                    left -= 1
                    if left == 0:
                        raise type(error)(str(error))
                    sleep(seconds)
                    seconds *= backoff

        @functools.wraps(function)
        async def later(*args, **kwargs):
            seconds, left = delay, max_attempts
            while True:
                try:
                    return await function(*args, **kwargs)
                except exceptions as error:
                    left -= 1
                    if left == 0:
                        raise type(error)(str(error))
                    await slumber(seconds)
                    seconds *= backoff

        return later if is_async else plain

    return decorate
