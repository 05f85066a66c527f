# wrong: tasks share the wait, which lives on the coroutine wrapper  [test_tasks_do_not_share]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError("max_attempts or delay")

    def decorate(function):
        async def run(*args, **kwargs):
            run.wait = delay
            for left in range(max_attempts - 1, -1, -1):
                try:
                    return await function(*args, **kwargs)
                except exceptions:
                    if left == 0:
                        raise
                if sleep is time.sleep:
                    await asyncio.sleep(run.wait)
                elif (waiting := sleep(run.wait)) is not None:
                    await waiting
                run.wait *= backoff

        def call(*args, **kwargs):
            for n in range(max_attempts):
                try:
                    return function(*args, **kwargs)
                except exceptions:
                    if n == max_attempts - 1:
                        raise
                sleep(delay * backoff**n)

        return functools.update_wrapper(run if inspect.iscoroutinefunction(function) else call, function)

    return decorate
