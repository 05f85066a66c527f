# wrong: asserts its arguments, which is neither ValueError nor there under -O  [test_arguments_checked_at_decoration]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    assert isinstance(max_attempts, int) and max_attempts >= 1, "max_attempts must be positive"
    assert delay >= 0, "delay must not be negative"

    def decorate(function):
        def outcome_of(n, error):
            if n == max_attempts - 1:
                raise error
            return delay * backoff**n

        if inspect.iscoroutinefunction(function):
            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                for n in range(max_attempts):
                    try:
                        return await function(*args, **kwargs)
                    except exceptions as error:
                        wait = outcome_of(n, error)
                    if sleep is time.sleep:
                        await asyncio.sleep(wait)
                    elif inspect.isawaitable(waiting := sleep(wait)):
                        await waiting
        else:
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                for n in range(max_attempts):
                    try:
                        return function(*args, **kwargs)
                    except exceptions as error:
                        wait = outcome_of(n, error)
                    sleep(wait)
        return wrapper

    return decorate
