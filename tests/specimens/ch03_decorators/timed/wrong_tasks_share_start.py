# wrong: tasks overwrite the beginning of each other  [test_calls_do_not_share]
import functools
import inspect
import time


def timed(function=None, *, report=print, clock=time.perf_counter):
    if function is None:
        return functools.partial(timed, report=report, clock=clock)

    if inspect.iscoroutinefunction(function):
        began = 0.0

        @functools.wraps(function)
        async def waiting(*args, **kwargs):
            nonlocal began
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
