# wrong: a call that raises is not reported  [test_reports_a_failure]
import functools
import inspect
import time


def timed(function=None, *, report=print, clock=time.perf_counter):
    def decorate(func):
        name = func.__name__

        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            start = clock()
            result = func(*args, **kwargs)
            report(name, clock() - start)
            return result

        @functools.wraps(func)
        async def async_wrapper(*args, **kwargs):
            start = clock()
            result = await func(*args, **kwargs)
            report(name, clock() - start)
            return result

        return async_wrapper if inspect.iscoroutinefunction(func) else wrapper

    return decorate(function) if function else decorate
