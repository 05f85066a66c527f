import asyncio
import time
from functools import update_wrapper
from inspect import isawaitable


class retry:
    def __init__(self, max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,),
                 sleep=time.sleep):
        if max_attempts < 1:
            raise ValueError("max_attempts must be positive")
        if delay < 0:
            raise ValueError("delay must not be negative")
        self.n, self.delay, self.backoff = max_attempts, delay, backoff
        self.exceptions, self.sleep = tuple(exceptions), sleep

    def delays(self):
        for k in range(self.n - 1):
            yield self.delay * self.backoff ** k
        yield None

    def __call__(self, function):
        if asyncio.iscoroutinefunction(function):
            async def wrapper(*args, **kwargs):
                pause = asyncio.sleep if self.sleep is time.sleep else self.sleep
                for d in self.delays():
                    try:
                        return await function(*args, **kwargs)
                    except self.exceptions as error:
                        if d is None:
                            raise error
                    waiting = pause(d)
                    if isawaitable(waiting):
                        await waiting
        else:
            def wrapper(*args, **kwargs):
                for d in self.delays():
                    try:
                        return function(*args, **kwargs)
                    except self.exceptions as error:
                        if d is None:
                            raise error
                    self.sleep(d)
        return update_wrapper(wrapper, function)
