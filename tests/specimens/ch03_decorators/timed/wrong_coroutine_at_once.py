# wrong: a coroutine function is reported when its call returns, before it is awaited  [test_times_a_coroutine]
import functools
import inspect
import time


def timed(function=None, *, report=print, clock=time.perf_counter):
    if function is None:
        return functools.partial(timed, report=report, clock=clock)

    def call(args, kwargs):
        began = clock()
        try:
            return function(*args, **kwargs)
        finally:
            report(function.__name__, clock() - began)

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            return await call(args, kwargs)

    else:

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return call(args, kwargs)

    return wrapper
