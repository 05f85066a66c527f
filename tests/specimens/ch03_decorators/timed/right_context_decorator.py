# right: contextlib.ContextDecorator subclass made anew for each call, and an AsyncExitStack for coroutines
from __future__ import annotations

import contextlib
import functools
import inspect
import time
from collections.abc import Callable
from typing import Any, overload


class Stopwatch(contextlib.ContextDecorator):
    def __init__(self, name: str, report: Callable[[str, float], Any], clock: Callable[[], float]):
        self.name, self.report, self.clock = name, report, clock

    def _recreate_cm(self):
        return type(self)(self.name, self.report, self.clock)

    def __enter__(self):
        self.began = self.clock()
        return self

    def __exit__(self, *exception):
        self.report(self.name, self.clock() - self.began)
        return False


@overload
def timed(function: Callable[..., Any], /) -> Callable[..., Any]: ...
@overload
def timed(*, report: Any = ..., clock: Any = ...) -> Any: ...
def timed(function=None, *, report=print, clock=time.perf_counter):
    if function is None:
        return functools.partial(timed, report=report, clock=clock)
    watch = Stopwatch(function.__name__, report, clock)
    if not inspect.iscoroutinefunction(function):
        return watch(function)

    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        async with contextlib.AsyncExitStack() as stack:
            stack.enter_context(watch._recreate_cm())
            return await function(*args, **kwargs)

    return wrapper
