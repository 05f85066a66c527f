# wrong: copies __name__ and __doc__ only; signature and __wrapped__ are lost  [test_metadata_kept]
import asyncio
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1:
        raise ValueError("at least one attempt is needed")
    if delay < 0:
        raise ValueError("no negative delay")

    def decorate(function):
        if inspect.iscoroutinefunction(function):
            async def wrapper(*args, **kwargs):
                pause = delay
                for _ in range(1, max_attempts):
                    try:
                        return await function(*args, **kwargs)
                    except exceptions:
                        pass
                    if sleep is time.sleep:
                        await asyncio.sleep(pause)
                    else:
                        waiting = sleep(pause)
                        if inspect.isawaitable(waiting):
                            await waiting
                    pause *= backoff
                return await function(*args, **kwargs)
        else:
            def wrapper(*args, **kwargs):
                pause = delay
                for _ in range(1, max_attempts):
                    try:
                        return function(*args, **kwargs)
                    except exceptions:
                        pass
                    sleep(pause)
                    pause *= backoff
                return function(*args, **kwargs)
        wrapper.__name__ = function.__name__
        wrapper.__doc__ = function.__doc__
        return wrapper

    return decorate
