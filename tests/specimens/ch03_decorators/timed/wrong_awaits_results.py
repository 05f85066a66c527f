# wrong: an awaitable that a plain function returns is wrapped, to time it  [test_reports_a_call]
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
                    report(name, clock() - start)
        else:

            @functools.wraps(fn)
            def wrapper(*args, **kwargs):
                start = clock()
                try:
                    result = fn(*args, **kwargs)
                except BaseException:
                    report(name, clock() - start)
                    raise
                if inspect.isawaitable(result):

                    async def finish():
                        try:
                            return await result
                        finally:
                            report(name, clock() - start)

                    return finish()
                report(name, clock() - start)
                return result

        return wrapper

    return decorate if function is None else decorate(function)
