# right: a generator says what to do next and is sent what came of it; two drivers obey it
import asyncio
import functools
import inspect
import time
from typing import Any, Callable, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def retry(
    max_attempts: int = 3,
    delay: float = 1.0,
    *,
    backoff: float = 1.0,
    exceptions: tuple[type[BaseException], ...] = (Exception,),
    sleep: Callable[[float], Any] = time.sleep,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    if isinstance(max_attempts, bool) or not isinstance(max_attempts, int):
        raise TypeError(f"{max_attempts=} is not an int")
    if not isinstance(delay, (int, float)):
        raise TypeError(f"{delay=} is not a number")
    if max_attempts < 1 or delay < 0 or backoff < 0:
        raise ValueError(f"unusable: {max_attempts=}, {delay=}, {backoff=}")

    def plan():
        seconds = delay
        for number in range(1, max_attempts + 1):
            value, error = yield "call", None
            if error is None:
                return value
            if number == max_attempts or not isinstance(error, exceptions):
                raise error
            yield "sleep", seconds
            seconds *= backoff

    async def wait(seconds):
        if sleep is time.sleep:
            loop = asyncio.get_running_loop()
            future = loop.create_future()
            timer = loop.call_later(seconds, future.set_result, None)
            try:
                await future
            finally:
                timer.cancel()
        elif inspect.iscoroutinefunction(sleep):
            await sleep(seconds)
        else:
            sleep(seconds)

    def decorator(func):
        def plain(*args, **kwargs):
            steps, message = plan(), None
            while True:
                try:
                    what, seconds = steps.send(message)
                except StopIteration as stop:
                    return stop.value
                message = None
                if what == "sleep":
                    sleep(seconds)
                    continue
                try:
                    message = func(*args, **kwargs), None
                except BaseException as error:
                    message = None, error

        async def coroutine(*args, **kwargs):
            steps, message = plan(), None
            while True:
                try:
                    what, seconds = steps.send(message)
                except StopIteration as stop:
                    return stop.value
                message = None
                if what == "sleep":
                    await wait(seconds)
                    continue
                try:
                    message = await func(*args, **kwargs), None
                except BaseException as error:
                    message = None, error

        return functools.wraps(func)(coroutine if inspect.iscoroutinefunction(func) else plain)

    return decorator
