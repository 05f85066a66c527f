# wrong: a clock that went back gives 0  [test_reports_a_call]
import functools
import inspect
import time
from collections.abc import Callable
from typing import Any


def timed(
    function: Callable[..., Any] | None = None,
    *,
    report: Callable[[str, float], Any] = print,
    clock: Callable[[], float] = time.perf_counter,
) -> Callable[..., Any]:
    def decorate(fn):
        name = fn.__name__
        if inspect.iscoroutinefunction(fn):

            @functools.wraps(fn)
            async def wrapper(*args, **kwargs):
                start = clock()
                try:
                    return await fn(*args, **kwargs)
                finally:
                    seconds = clock() - start
                    report(name, seconds if seconds >= type(seconds)() else type(seconds)())
        else:

            @functools.wraps(fn)
            def wrapper(*args, **kwargs):
                start = clock()
                try:
                    return fn(*args, **kwargs)
                finally:
                    seconds = clock() - start
                    report(name, seconds if seconds >= type(seconds)() else type(seconds)())

        return wrapper

    return decorate if function is None else decorate(function)
