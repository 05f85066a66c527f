# wrong: a decorated coroutine function is a plain function  [test_metadata_kept]
import functools
import inspect
import time


def timed(function=None, *, report=print, clock=time.perf_counter):
    if function is None:
        return functools.partial(timed, report=report, clock=clock)

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        async def waiting():
            began = clock()
            try:
                return await function(*args, **kwargs)
            finally:
                report(function.__name__, clock() - began)

        if inspect.iscoroutinefunction(function):
            return waiting()
        began = clock()
        try:
            return function(*args, **kwargs)
        finally:
            report(function.__name__, clock() - began)

    return wrapper
