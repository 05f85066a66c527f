# wrong: of several functions under one decorator, all call the last one  [test_calls_do_not_share]
from __future__ import annotations

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
    target = function

    def decorate(decorated):
        nonlocal target
        target = decorated
        if inspect.iscoroutinefunction(target):

            @functools.wraps(target)
            async def wrapper(*args, **kwargs):
                start = clock()
                try:
                    return await target(*args, **kwargs)
                finally:
                    report(target.__name__, clock() - start)

        else:

            @functools.wraps(target)
            def wrapper(*args, **kwargs):
                start = clock()
                try:
                    return target(*args, **kwargs)
                finally:
                    report(target.__name__, clock() - start)

        return wrapper

    return decorate if function is None else decorate(function)
