# wrong: the default sleep of a coroutine function is time.sleep  [test_default_sleep_leaves_the_loop_free]
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1 or delay < 0:
        raise ValueError("max_attempts or delay")

    def waits():
        wait = delay
        for _ in range(max_attempts - 1):
            yield wait
            wait *= backoff

    def decorate(function):
        if inspect.iscoroutinefunction(function):
            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                for wait in waits():
                    try:
                        return await function(*args, **kwargs)
                    except exceptions:
                        pausing = sleep(wait)
                        if inspect.isawaitable(pausing):
                            await pausing
                return await function(*args, **kwargs)
        else:
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                for wait in waits():
                    try:
                        return function(*args, **kwargs)
                    except exceptions:
                        sleep(wait)
                return function(*args, **kwargs)
        return wrapper

    return decorate
