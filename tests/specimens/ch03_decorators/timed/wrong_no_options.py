# wrong: works bare only  [test_reports_a_call]
import functools
import inspect
import time


def timed(function, *, report=print, clock=time.perf_counter):
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def waiting(*args, **kwargs):
            began = clock()
            try:
                return await function(*args, **kwargs)
            finally:
                report(function.__name__, clock() - began)

        return waiting

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        began = clock()
        try:
            return function(*args, **kwargs)
        finally:
            report(function.__name__, clock() - began)

    return wrapper
