# wrong: a cancelled coroutine is not reported  [test_reports_any_exception]
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
    def decorate(target):
        if inspect.iscoroutinefunction(target):

            @functools.wraps(target)
            async def wrapper(*args, **kwargs):
                start = clock()
                try:
                    result = await target(*args, **kwargs)
                except Exception:
                    report(target.__name__, clock() - start)
                    raise
                report(target.__name__, clock() - start)
                return result

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
