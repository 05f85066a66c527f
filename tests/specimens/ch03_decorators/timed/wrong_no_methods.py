# wrong: an object that does not bind: methods lose self  [test_arguments_and_methods]
import functools
import inspect
import time


class Timed:
    def __init__(self, function, report, clock):
        functools.update_wrapper(self, function)
        self.function, self.report, self.clock = function, report, clock

    def __call__(self, *args, **kwargs):
        began = self.clock()
        try:
            return self.function(*args, **kwargs)
        finally:
            self.report(self.function.__name__, self.clock() - began)


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
                report(function.__name__, clock() - began)

        return waiting

    return Timed(function, report, clock)
