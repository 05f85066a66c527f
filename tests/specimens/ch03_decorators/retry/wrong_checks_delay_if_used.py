# wrong: looks at the delay only if there may be a sleep  [test_arguments_checked_at_decoration]
import asyncio
import functools
import inspect
import time


def retry(
    max_attempts=3,
    delay=1.0,
    *,
    backoff=1.0,
    exceptions=(Exception,),
    sleep=time.sleep,
):
    if max_attempts < 1:
        raise ValueError("max_attempts must be at least 1")
    if max_attempts > 1 and delay < 0:
        raise ValueError("delay must not be negative")

    def decorate(function):
        if inspect.iscoroutinefunction(function):
            pause = asyncio.sleep if sleep is time.sleep else sleep

            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                wait = delay
                attempt = 1
                while True:
                    try:
                        return await function(*args, **kwargs)
                    except exceptions:
                        if attempt >= max_attempts:
                            raise
                    if inspect.iscoroutinefunction(pause):
                        await pause(wait)
                    else:
                        pause(wait)
                    wait = wait * backoff
                    attempt += 1
        else:

            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                wait = delay
                attempt = 1
                while True:
                    try:
                        return function(*args, **kwargs)
                    except exceptions:
                        if attempt >= max_attempts:
                            raise
                    sleep(wait)
                    wait = wait * backoff
                    attempt += 1

        return wrapper

    return decorate
