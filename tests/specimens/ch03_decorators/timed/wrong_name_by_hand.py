# wrong: copies the name and docstring only  [test_metadata_kept]
import functools
import inspect
import time


def timed(function=None, *, report=print, clock=time.perf_counter):
    if function is None:
        return functools.partial(timed, report=report, clock=clock)

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def waiting(*args, **kwargs):
            began = clock()
            try:
                return await function(*args, **kwargs)
            finally:
                report(function.__name__, clock() - began)

        return waiting

    def wrapper(*args, **kwargs):
        began = clock()
        try:
            return function(*args, **kwargs)
        finally:
            report(function.__name__, clock() - began)

    wrapper.__name__, wrapper.__doc__ = function.__name__, function.__doc__
    return wrapper
