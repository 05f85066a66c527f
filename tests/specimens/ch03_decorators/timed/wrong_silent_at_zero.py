# wrong: no report of a call that took no time  [test_reports_a_call]
import functools
import inspect
import time


def timed(function=None, *, report=print, clock=time.perf_counter):
    if function is None:
        return functools.partial(timed, report=report, clock=clock)

    def done(t):
        if s := clock() - t:
            report(function.__name__, s)

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def w(*a, **k):
            t = clock()
            try:
                return await function(*a, **k)
            finally:
                done(t)

        return w

    @functools.wraps(function)
    def w(*a, **k):
        t = clock()
        try:
            return function(*a, **k)
        finally:
            done(t)

    return w
