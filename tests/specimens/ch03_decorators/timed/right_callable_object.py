# right: plain functions become objects with a descriptor of their own; report by keyword
import functools
import inspect
from time import perf_counter


class Timed:
    def __init__(self, function, report, clock):
        functools.update_wrapper(self, function)
        self._report, self._clock = report, clock

    def __get__(self, instance, owner=None):
        return self if instance is None else functools.partial(self, instance)

    def __call__(self, /, *args, **kwargs):
        start = self._clock()
        try:
            result = self.__wrapped__(*args, **kwargs)
        except BaseException:
            self._report(self.__name__, self._clock() - start)
            raise
        self._report(self.__name__, self._clock() - start)
        return result


def timed(function=None, *, report=print, clock=perf_counter):
    def wrap(function):
        if not inspect.iscoroutinefunction(function):
            return Timed(function, report, clock)

        async def waiting(*args, **kwargs):
            return await watch(function(*args, **kwargs))

        async def watch(coroutine):
            start = clock()
            try:
                return await coroutine
            finally:
                report(function.__name__, clock() - start)

        return functools.update_wrapper(waiting, function)

    if function is not None:
        return wrap(function)
    return wrap
