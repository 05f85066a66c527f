# wrong: the beginning is kept on the decorated function  [test_calls_do_not_share]
import functools
import inspect
import time


def timed(function=None, *, report=print, clock=time.perf_counter):
    if function is None:
        return functools.partial(timed, report=report, clock=clock)

    class Watch:
        start = None

        def __enter__(self):
            self.start = clock()

        def __exit__(self, *exc):
            report(function.__name__, clock() - self.start)

    watch = Watch()
    if inspect.iscoroutinefunction(function):

        async def wrapper(*args, **kwargs):
            with watch:
                return await function(*args, **kwargs)

    else:

        def wrapper(*args, **kwargs):
            with watch:
                return function(*args, **kwargs)

    return functools.wraps(function)(wrapper)
