# wrong: the decorator holds the function, so a second one takes its place  [test_every_call_starts_anew]
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

    def __call__(self, function):
        self.function = function
        if inspect.iscoroutinefunction(function):
            async def wrapper(*args, **kwargs):
                return await self.run_coroutine(args, kwargs)
        else:
            def wrapper(*args, **kwargs):
                return self.run(args, kwargs)
        return functools.update_wrapper(wrapper, function)

    def run(self, args, kwargs):
        for pause in self.pauses:
            try:
                return self.function(*args, **kwargs)
            except self.exceptions:
                self.sleep(pause)
        return self.function(*args, **kwargs)

    async def run_coroutine(self, args, kwargs):
        for pause in self.pauses:
            try:
                return await self.function(*args, **kwargs)
            except self.exceptions:
                if self.sleep is time.sleep:
                    await asyncio.sleep(pause)
                elif inspect.isawaitable(waiting := self.sleep(pause)):
                    await waiting
        return await self.function(*args, **kwargs)
