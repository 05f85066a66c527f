# wrong: reports seconds to two places only  [test_reports_a_call]
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
                report(function.__name__, round(clock() - began, 2))

        return waiting

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        began = clock()
        try:
            return function(*args, **kwargs)
        finally:
            report(function.__name__, round(clock() - began, 2))

    return wrapper
