# wrong: reports the qualified name  [test_reports_a_call]
import functools
import inspect
import time


def timed(function=None, *, report=print, clock=time.perf_counter):
    if function is None:
        return functools.partial(timed, report=report, clock=clock)
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def w(*a, **k):
            t = clock()
            try:
                return await function(*a, **k)
            finally:
                report(function.__qualname__, clock() - t)

        return w

    @functools.wraps(function)
    def w(*a, **k):
        t = clock()
        try:
            return function(*a, **k)
        finally:
            report(function.__qualname__, clock() - t)

    return w
