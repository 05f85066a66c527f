# wrong: checks its arguments and calls once, whatever happens  [test_tries_again_until_it_works]
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError(f"max_attempts={max_attempts}, delay={delay}")

    def decorate(function):
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                return await function(*args, **kwargs)

        else:

            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                return function(*args, **kwargs)

        return wrapper

    return decorate
