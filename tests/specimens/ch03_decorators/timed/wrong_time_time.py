# wrong: the default is the clock on the wall  [test_default_clock]
import functools
import inspect
import time


def timed(function=None, *, report=print, clock=time.time):
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

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        began = clock()
        try:
            return function(*args, **kwargs)
        finally:
            report(function.__name__, clock() - began)

    return wrapper
