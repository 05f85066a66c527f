# wrong: a coroutine waits a moment at most with the default sleep  [test_default_sleep_waits_as_long_as_asked]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if not isinstance(max_attempts, int):
        raise TypeError(f"max_attempts must be an int: {max_attempts!r}")
    if max_attempts < 1:
        raise ValueError(f"max_attempts={max_attempts}")
    if delay < 0 or backoff < 0:
        raise ValueError(f"delay={delay}, backoff={backoff}")

    def decorator(func):
        if inspect.iscoroutinefunction(func):
            @functools.wraps(func)
            async def async_wrapper(*args, **kwargs):
                current = delay
                for attempt in range(1, max_attempts + 1):
                    try:
                        return await func(*args, **kwargs)
                    except exceptions:
                        if attempt == max_attempts:
                            raise
                    if sleep is time.sleep:
                        await asyncio.sleep(current if current < 1 else 0)
                    else:
                        result = sleep(current)
                        if inspect.isawaitable(result):
                            await result
                    current *= backoff

            return async_wrapper

        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            current = delay
            for attempt in range(1, max_attempts + 1):
                try:
                    return func(*args, **kwargs)
                except exceptions:
                    if attempt == max_attempts:
                        raise
                    sleep(current)
                    current *= backoff

        return wrapper

    return decorator
