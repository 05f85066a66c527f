# wrong: compares the result with a sentinel by ==  [test_a_result_ends_it]
import asyncio
import functools
import inspect
import time
from collections.abc import Callable
from typing import Any


def retry(
    max_attempts: int = 3,
    delay: float = 1.0,
    *,
    backoff: float = 1.0,
    exceptions: tuple[type[BaseException], ...] = (Exception,),
    sleep: Callable[[float], Any] = time.sleep,
):
    if max_attempts < 1:
        raise ValueError("max_attempts must be at least 1")
    if delay < 0:
        raise ValueError("delay must not be negative")

    failed = object()

    def decorate(function):
        if inspect.iscoroutinefunction(function):
            nap = asyncio.sleep if sleep is time.sleep else sleep

            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                wait = delay
                for attempt in range(1, max_attempts + 1):
                    try:
                        return await function(*args, **kwargs)
                    except exceptions:
                        if attempt == max_attempts:
                            raise
                    if inspect.iscoroutinefunction(nap):
                        await nap(wait)
                    else:
                        nap(wait)
                    wait *= backoff
        else:

            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                wait = delay
                for attempt in range(1, max_attempts + 1):
                    result = failed
                    try:
                        result = function(*args, **kwargs)
                    except exceptions:
                        if attempt == max_attempts:
                            raise
                    if not result == failed:
                        return result
                    sleep(wait)
                    wait *= backoff

        return wrapper

    return decorate
