# right: a callable object for both kinds, marked as a coroutine function where it is one
import asyncio
import functools
import inspect
from time import sleep as _sleep


class _Wrapped:
    def __init__(self, fn, plan):
        functools.update_wrapper(self, fn)
        self._fn, self._plan = fn, plan
        self._later = inspect.iscoroutinefunction(fn)
        if self._later and hasattr(inspect, "markcoroutinefunction"):
            inspect.markcoroutinefunction(self)
        elif self._later:
            self._is_coroutine = asyncio.coroutines._is_coroutine

    def __get__(self, obj, owner=None):
        return self if obj is None else functools.partial(self, obj)

    def __call__(self, *args, **kwargs):
        if self._later:
            return self._call_later(args, kwargs)
        pauses, exceptions, sleep = self._plan
        for pause in pauses:
            try:
                return self._fn(*args, **kwargs)
            except exceptions:
                sleep(pause)
        return self._fn(*args, **kwargs)

    async def _call_later(self, args, kwargs):
        pauses, exceptions, sleep = self._plan
        for pause in pauses:
            try:
                return await self._fn(*args, **kwargs)
            except exceptions:
                waiting = asyncio.sleep(pause) if sleep is _sleep else sleep(pause)
                if inspect.isawaitable(waiting):
                    await waiting
        return await self._fn(*args, **kwargs)


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=_sleep):
    if max_attempts < 1:
        raise ValueError("max_attempts")
    if delay < 0:
        raise ValueError("delay")
    pauses = [delay * backoff**n for n in range(max_attempts - 1)]
    return lambda fn: _Wrapped(fn, (pauses, exceptions, sleep))
