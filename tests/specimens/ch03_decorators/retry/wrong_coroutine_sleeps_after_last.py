# wrong: the coroutine wrapper, written in haste, sleeps after the last failure  [test_coroutine_functions_follow_the_rules]
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
            wait, failure = delay, None
            for _ in range(max_attempts):
                try:
                    return await function(*args, **kwargs)
                except exceptions as error:
                    failure = error
                if sleep is time.sleep:
                    await asyncio.sleep(wait)
                elif inspect.isawaitable(waiting := sleep(wait)):
                    await waiting
                wait *= backoff
            raise failure

        @functools.wraps(function)
        def plain(*args, **kwargs):
            wait = delay
            for _ in range(max_attempts - 1):
                try:
                    return function(*args, **kwargs)
                except exceptions:
                    sleep(wait)
                wait *= backoff
            return function(*args, **kwargs)

        return coroutine if inspect.iscoroutinefunction(function) else plain

    return decorate
