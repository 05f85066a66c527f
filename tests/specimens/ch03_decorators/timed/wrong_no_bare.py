# wrong: works with parentheses only  [test_with_and_without_options]
import functools
import inspect
import time


def timed(function=None, *, report=print, clock=time.perf_counter):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            began = clock()
            try:
                return function(*args, **kwargs)
            finally:
                report(function.__name__, clock() - began)

        @functools.wraps(function)
        async def waiting(*args, **kwargs):
            began = clock()
            try:
                return await function(*args, **kwargs)
            finally:
                report(function.__name__, clock() - began)

        return waiting if inspect.iscoroutinefunction(function) else wrapper

    return decorate
