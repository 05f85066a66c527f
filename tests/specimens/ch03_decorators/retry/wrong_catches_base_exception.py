# wrong: catches BaseException by default, so ctrl-C is tried again  [test_interrupts_pass]
import asyncio
import functools
import time
from inspect import isawaitable, iscoroutinefunction


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError("bad arguments")
    if Exception in exceptions:
        exceptions = (BaseException,)

    def decorate(function):
        def waits():
            yield from (delay * backoff**n for n in range(max_attempts - 1))

        if iscoroutinefunction(function):
            async def wrapper(*args, **kwargs):
                for wait in waits():
                    try:
                        return await function(*args, **kwargs)
                    except exceptions:
                        waiting = (asyncio.sleep if sleep is time.sleep else sleep)(wait)
                        if isawaitable(waiting):
                            await waiting
                return await function(*args, **kwargs)
        else:
            def wrapper(*args, **kwargs):
                for wait in waits():
                    try:
                        return function(*args, **kwargs)
                    except exceptions:
                        sleep(wait)
                return function(*args, **kwargs)

        return functools.wraps(function)(wrapper)

    return decorate
