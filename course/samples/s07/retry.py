import asyncio
import functools
import inspect
import time


class retry:
    def __init__(self, max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,),
                 sleep=time.sleep):
        if max_attempts < 1:
            raise ValueError("max_attempts")
        if delay < 0:
            raise ValueError("delay")
        self.__dict__.update(locals())

    def __call__(self, function):
        if inspect.iscoroutinefunction(function):
            async def wrapper(*args, **kwargs):
                for n in range(self.max_attempts):
                    try:
                        return await function(*args, **kwargs)
                    except self.exceptions:
                        if n + 1 < self.max_attempts:
                            await self.pause(self.delay * self.backoff**n)
        else:
            def wrapper(*args, **kwargs):
                for n in range(self.max_attempts):
                    try:
                        return function(*args, **kwargs)
                    except self.exceptions:
                        if n + 1 < self.max_attempts:
                            self.sleep(self.delay * self.backoff**n)
        return functools.wraps(function)(wrapper)

    async def pause(self, seconds):
        if self.sleep is time.sleep:
            return await asyncio.sleep(seconds)
        done = self.sleep(seconds)
        return await done if inspect.isawaitable(done) else done
