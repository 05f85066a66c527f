# wrong: a helper's parameter func meets an argument called func  [test_arguments_and_methods]
import functools
import inspect
import time


def timed(function=None, *, report=print, clock=time.perf_counter):
    if function is None:
        return functools.partial(timed, report=report, clock=clock)

    def run(func, *a, **k):
        t = clock()
        try:
            return func(*a, **k)
        finally:
            report(func.__name__, clock() - t)

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def w(*a, **k):
            t = clock()
            try:
                return await function(*a, **k)
            finally:
                report(function.__name__, clock() - t)

        return w

    @functools.wraps(function)
    def w(*a, **k):
        return run(function, *a, **k)

    return w
