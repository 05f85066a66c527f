# wrong: the coroutine wrapper retries every Exception  [test_coroutine_functions_follow_the_rules]
import asyncio
import functools
import inspect
import time


class retry:
    def __init__(self, max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,),
                 sleep=time.sleep):
        if max_attempts < 1 or delay < 0:
            raise ValueError("max_attempts or delay")
        self.pauses = [delay * backoff**n for n in range(max_attempts - 1)]
        self.exceptions, self.sleep = exceptions, sleep

    async def nap(self, seconds):
        if self.sleep is time.sleep:
            await asyncio.sleep(seconds)
        elif inspect.iscoroutinefunction(self.sleep):
            await self.sleep(seconds)
        else:
            self.sleep(seconds)

    def __call__(self, function):
        if inspect.iscoroutinefunction(function):
            @functools.wraps(function)
            async def retrying(*args, **kwargs):
                for pause in self.pauses:
                    try:
                        return await function(*args, **kwargs)
                    except Exception:
                        await self.nap(pause)
                return await function(*args, **kwargs)
        else:
            @functools.wraps(function)
            def retrying(*args, **kwargs):
                for pause in self.pauses:
                    try:
                        return function(*args, **kwargs)
                    except self.exceptions:
                        self.sleep(pause)
                return function(*args, **kwargs)
        return retrying
