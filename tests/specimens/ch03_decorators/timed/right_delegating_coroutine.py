# right: a coroutine object of its own around the coroutine, which delegates send and throw
import collections.abc
import functools
import inspect
import time


class Timing(collections.abc.Coroutine):
    """A coroutine around another, which is timed from its first step to its last."""

    def __init__(self, inner, name, report, clock):
        self.inner, self.name, self.report, self.clock = inner, name, report, clock
        self.began = None

    def send(self, value):
        if self.began is None:
            self.began = self.clock()
        try:
            return self.inner.send(value)
        except BaseException:
            self.report(self.name, self.clock() - self.began)
            raise

    def throw(self, *error):
        try:
            return self.inner.throw(*error)
        except BaseException:
            if self.began is not None:
                self.report(self.name, self.clock() - self.began)
            raise

    def close(self):
        self.inner.close()

    def __await__(self):
        return self

    def __iter__(self):
        return self

    def __next__(self):
        return self.send(None)


def timed(function=None, *, report=print, clock=time.perf_counter):
    def decorate(function):
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                return await Timing(function(*args, **kwargs), function.__name__, report, clock)

            return wrapper

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            began = clock()
            try:
                result = function(*args, **kwargs)
            except BaseException:
                report(function.__name__, clock() - began)
                raise
            report(function.__name__, clock() - began)
            return result

        return wrapper

    return decorate if function is None else decorate(function)
