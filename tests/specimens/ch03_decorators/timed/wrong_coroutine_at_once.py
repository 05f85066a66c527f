# wrong: one plain wrapper: a coroutine function takes no time  [test_times_a_coroutine]
import time
from functools import wraps


def timed(function=None, *, report=print, clock=time.perf_counter):
    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            before = clock()
            try:
                return function(*args, **kwargs)
            finally:
                report(function.__name__, clock() - before)

        return wrapper

    return decorate if function is None else decorate(function)
