# wrong: interrupts are not reported  [test_reports_any_exception]
import functools
import inspect
import time


def timed(function=None, *, report=print, clock=time.perf_counter):
    if function is None:
        return lambda f: timed(f, report=report, clock=clock)

    def done(start):
        report(function.__name__, clock() - start)

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        start = clock()
        try:
            result = function(*args, **kwargs)
        except Exception:
            done(start)
            raise
        done(start)
        return result

    @functools.wraps(function)
    async def async_wrapper(*args, **kwargs):
        start = clock()
        try:
            result = await function(*args, **kwargs)
        except Exception:
            done(start)
            raise
        done(start)
        return result

    return async_wrapper if inspect.iscoroutinefunction(function) else wrapper
