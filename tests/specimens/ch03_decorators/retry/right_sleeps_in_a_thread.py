# right: for coroutine functions every plain sleep, the default too, runs in a thread
import asyncio
import functools
import inspect
from time import sleep as default_sleep
from typing import Any, Awaitable, Callable, Optional, Tuple, Type


def _validate(max_attempts: int, delay: float) -> None:
    match max_attempts:
        case int() if max_attempts >= 1:
            pass
        case int():
            raise ValueError(f"max_attempts must be >= 1, got {max_attempts}")
        case _:
            raise TypeError(f"max_attempts must be int, got {max_attempts!r}")
    if delay < 0:
        raise ValueError(f"delay must be >= 0, got {delay}")


def retry(
    max_attempts: int = 3,
    delay: float = 1.0,
    *,
    backoff: float = 1.0,
    exceptions: Tuple[Type[BaseException], ...] = (Exception,),
    sleep: Callable[[float], Optional[Awaitable[None]]] = default_sleep,
    on_retry: Optional[Callable[[int, BaseException], None]] = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    _validate(max_attempts, delay)

    def waits(attempt: int, error: BaseException) -> float:
        if on_retry:
            on_retry(attempt, error)
        return delay * backoff**attempt

    def decorate(fn):
        async def call_coroutine(*args, **kwargs):
            for attempt in range(max_attempts):
                try:
                    result = await fn(*args, **kwargs)
                except exceptions as exc:
                    last = exc
                else:
                    return result
                if attempt + 1 < max_attempts:
                    seconds = waits(attempt, last)
                    if inspect.iscoroutinefunction(sleep):
                        await sleep(seconds)
                    else:
                        await asyncio.to_thread(sleep, seconds)
            raise last

        def call_plain(*args, **kwargs):
            for attempt in range(max_attempts):
                try:
                    result = fn(*args, **kwargs)
                except exceptions as exc:
                    last = exc
                else:
                    return result
                if attempt + 1 < max_attempts:
                    sleep(waits(attempt, last))
            raise last

        chosen = call_coroutine if inspect.iscoroutinefunction(fn) else call_plain
        return functools.wraps(fn)(chosen)

    return decorate
