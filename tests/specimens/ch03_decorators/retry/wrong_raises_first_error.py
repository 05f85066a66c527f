# wrong: keeps the first error and raises that one in the end  [test_raises_the_last_error]
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1:
        raise ValueError(f"max_attempts = {max_attempts}")
    if delay < 0:
        raise ValueError(f"delay = {delay}")

    def decorate(function):
        if inspect.iscoroutinefunction(function):
            async def wrapper(*args, **kwargs):
                errors = []
                while len(errors) < max_attempts:
                    if errors:
                        seconds = delay * backoff ** (len(errors) - 1)
                        waiting = asyncio.sleep(seconds) if sleep is time.sleep else sleep(seconds)
                        if inspect.isawaitable(waiting):
                            await waiting
                    try:
                        return await function(*args, **kwargs)
                    except exceptions as error:
                        errors.append(error)
                raise errors[0]
        else:
            def wrapper(*args, **kwargs):
                errors = []
                while len(errors) < max_attempts:
                    if errors:
                        sleep(delay * backoff ** (len(errors) - 1))
                    try:
                        return function(*args, **kwargs)
                    except exceptions as error:
                        errors.append(error)
                raise errors[0]
        return functools.update_wrapper(wrapper, function)

    return decorate
