# right: the wrapper of a plain function is an object that binds like a function
import asyncio
import functools
import inspect
import itertools
import time
import types


class Retrying:
    def __init__(self, function, pauses, exceptions, sleep):
        self._function, self._pauses = function, pauses
        self._exceptions, self._sleep = exceptions, sleep
        functools.update_wrapper(self, function)

    def __get__(self, obj, owner=None):
        return self if obj is None else types.MethodType(self, obj)

    def __call__(self, /, *args, **kwargs):
        pauses = self._pauses()
        while True:
            try:
                return self._function(*args, **kwargs)
            except self._exceptions:
                pause = next(pauses, None)
                if pause is None:
                    raise
            self._sleep(pause)


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if isinstance(max_attempts, bool) or not isinstance(max_attempts, int):
        raise TypeError(f"max_attempts: {max_attempts!r}")
    if max_attempts < 1:
        raise ValueError(f"max_attempts: {max_attempts!r}")
    if delay < 0:
        raise ValueError(f"delay: {delay!r}")

    def pauses():
        factors = itertools.repeat(backoff, max_attempts - 2 if max_attempts > 1 else 0)
        grown = itertools.accumulate(factors, lambda pause, factor: pause * factor, initial=delay)
        return itertools.islice(grown, max_attempts - 1)

    def decorate(function):
        if not inspect.iscoroutinefunction(function):
            return Retrying(function, pauses, exceptions, sleep)

        @functools.wraps(function)
        async def retrying(*args, **kwargs):
            waits = pauses()
            while True:
                try:
                    return await function(*args, **kwargs)
                except exceptions:
                    pause = next(waits, None)
                    if pause is None:
                        raise
                if sleep is time.sleep:
                    await asyncio.sleep(pause)
                elif (waiting := sleep(pause)) is not None:
                    await waiting

        return retrying

    return decorate
