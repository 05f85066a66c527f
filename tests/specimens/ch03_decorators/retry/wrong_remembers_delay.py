# wrong: the grown delay is kept for the next call  [test_every_call_starts_anew]
import asyncio
import functools
import inspect
import time


class retry:
    def __init__(self, max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,),
                 sleep=time.sleep):
        if max_attempts < 1:
            raise ValueError(f"max_attempts: {max_attempts}")
        if delay < 0:
            raise ValueError(f"delay: {delay}")
        self.max_attempts, self.delay, self.backoff = max_attempts, delay, backoff
        self.exceptions, self.sleep = exceptions, sleep

    def grow(self):
        now = self.delay
        self.delay *= self.backoff
        return now

    def __call__(self, function):
        @functools.wraps(function)
        def plain(*args, **kwargs):
            for _ in range(self.max_attempts - 1):
                try:
                    return function(*args, **kwargs)
                except self.exceptions:
                    self.sleep(self.grow())
            return function(*args, **kwargs)

        @functools.wraps(function)
        async def coroutine(*args, **kwargs):
            for _ in range(self.max_attempts - 1):
                try:
                    return await function(*args, **kwargs)
                except self.exceptions:
                    pause = asyncio.sleep if self.sleep is time.sleep else self.sleep
                    if inspect.isawaitable(waiting := pause(self.grow())):
                        await waiting
            return await function(*args, **kwargs)

        return coroutine if inspect.iscoroutinefunction(function) else plain
