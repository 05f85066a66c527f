# wrong: keyword arguments do not reach the function  [test_arguments_and_methods]
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

    @functools.wraps(function)
    def wrapper(*args):
        began = clock()
        try:
            return function(*args)
        finally:
            report(function.__name__, clock() - began)

    return wrapper
