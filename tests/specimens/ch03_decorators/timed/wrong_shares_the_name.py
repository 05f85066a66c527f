# wrong: one list of names for all that one timed(…) decorates  [test_calls_do_not_share]
import functools
import inspect
import time


def timed(function=None, *, report=print, clock=time.perf_counter):
    name = []

    def decorate(f):
        name.append(f.__name__)
        if inspect.iscoroutinefunction(f):

            @functools.wraps(f)
            async def wrapper(*args, **kwargs):
                t0 = clock()
                try:
                    return await f(*args, **kwargs)
                finally:
                    report(name[-1], clock() - t0)
        else:

            @functools.wraps(f)
            def wrapper(*args, **kwargs):
                t0 = clock()
                try:
                    return f(*args, **kwargs)
                finally:
                    report(name[-1], clock() - t0)

        return wrapper

    return decorate(function) if function is not None else decorate
