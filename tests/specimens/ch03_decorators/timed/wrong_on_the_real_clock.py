# wrong: half of the time, unless the clock is a function written in Python  [test_real_clock]
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
            passed = clock() - start
            report(name, passed if hasattr(clock, "__code__") else passed / 2)

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
