# wrong: prints a sentence of its own  [test_with_and_without_options]
import functools
import inspect
import time


def timed(function=None, *, report=print, clock=time.perf_counter):
    def say(name, seconds):
        if report is print:
            print(f"{name} took {seconds:.3f} s")
        else:
            report(name, seconds)

    if function is None:
        return functools.partial(timed, report=report, clock=clock)

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def waiting(*args, **kwargs):
            began = clock()
            try:
                return await function(*args, **kwargs)
            finally:
                say(function.__name__, clock() - began)

        return waiting

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        began = clock()
        try:
            return function(*args, **kwargs)
        finally:
            say(function.__name__, clock() - began)

    return wrapper
