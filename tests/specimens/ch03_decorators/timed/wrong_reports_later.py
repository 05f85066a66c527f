# wrong: a coroutine's report waits for the event loop's next turn  [test_times_a_coroutine]
import functools
import inspect
import time


def timed(function=None, *, report=print, clock=time.perf_counter):
    import asyncio

    if function is None:
        return functools.partial(timed, report=report, clock=clock)
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def w(*a, **k):
            t = clock()
            try:
                return await function(*a, **k)
            finally:
                s = clock() - t
                asyncio.get_running_loop().call_soon(report, function.__name__, s)

        return w

    @functools.wraps(function)
    def w(*a, **k):
        t = clock()
        try:
            return function(*a, **k)
        finally:
            report(function.__name__, clock() - t)

    return w
