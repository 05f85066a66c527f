# wrong: a callable object in place of the function: methods lose self  [test_arguments_and_methods]
import asyncio
import functools
import inspect
import time


class Retrying:
    def __init__(self, function, pauses, exceptions, sleep):
        functools.update_wrapper(self, function)
        self.function, self.pauses = function, pauses
        self.exceptions, self.sleep = exceptions, sleep

    def __call__(self, *args, **kwargs):
        for pause in self.pauses:
            try:
                return self.function(*args, **kwargs)
            except self.exceptions:
                self.sleep(pause)
        return self.function(*args, **kwargs)


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError("max_attempts or delay")
    pauses = [delay * backoff**n for n in range(max_attempts - 1)]

    def decorate(function):
        if not inspect.iscoroutinefunction(function):
            return Retrying(function, pauses, exceptions, sleep)

        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            for pause in pauses:
                try:
                    return await function(*args, **kwargs)
                except exceptions:
                    waiting = (asyncio.sleep if sleep is time.sleep else sleep)(pause)
                    if inspect.isawaitable(waiting):
                        await waiting
            return await function(*args, **kwargs)

        return wrapper

    return decorate
