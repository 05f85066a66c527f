# right: one context manager says the try and finally for both kinds of function
import inspect
import time
from contextlib import contextmanager
from functools import wraps


def timed(function=None, *, report=print, clock=time.perf_counter):
    @contextmanager
    def stopwatch(name):
        start = clock()
        try:
            yield
        finally:
            report(name, clock() - start)

    def decorator(func):
        if inspect.iscoroutinefunction(func):

            @wraps(func)
            async def inner(*args, **kwargs):
                with stopwatch(func.__name__):
                    return await func(*args, **kwargs)

        else:

            @wraps(func)
            def inner(*args, **kwargs):
                with stopwatch(func.__name__):
                    return func(*args, **kwargs)

        return inner

    return decorator if function is None else decorator(function)
