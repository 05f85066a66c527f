# right: a class with __enter__ and __exit__, a new object of it for each call; clock looked up late
import asyncio
import functools
import time


class _Stopwatch:
    __slots__ = ("clock", "name", "report", "start")

    def __init__(self, name, report, clock):
        self.name, self.report, self.clock = name, report, clock

    def __enter__(self):
        self.start = self.clock()
        return self

    def __exit__(self, kind, error, traceback):
        self.report(self.name, self.clock() - self.start)
        return False


def timed(function=None, *, report=None, clock=None):
    if function is None:
        return lambda func: timed(func, report=report, clock=clock)

    def watch():
        return _Stopwatch(function.__name__, report or print, clock or time.perf_counter)

    async def async_wrapper(*args, **kwargs):
        with watch():
            return await function(*args, **kwargs)

    def wrapper(*args, **kwargs):
        with watch():
            return function(*args, **kwargs)

    chosen = async_wrapper if asyncio.iscoroutinefunction(function) else wrapper
    return functools.wraps(function)(chosen)
