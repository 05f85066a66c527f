# right: each attempt becomes a pair (failed, outcome), and a while loop looks at the pairs
import asyncio
import inspect
import time
from functools import wraps


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    try:
        if max_attempts < 1:
            raise ValueError("max_attempts must be 1 or more, not %r" % (max_attempts,))
    except TypeError:
        raise TypeError("max_attempts must be a number, not %r" % (max_attempts,)) from None
    if not delay >= 0:
        raise ValueError("delay must be 0 or more, not %r" % (delay,))

    def decorate(function):
        def attempt(args, kwargs):
            try:
                return False, function(*args, **kwargs)
            except exceptions as error:
                return True, error

        async def attempt_later(args, kwargs):
            try:
                return False, await function(*args, **kwargs)
            except exceptions as error:
                return True, error

        def plain(*args, **kwargs):
            left, pause = max_attempts, delay
            failed, outcome = attempt(args, kwargs)
            while failed and left > 1:
                sleep(pause)
                left, pause = left - 1, pause * backoff
                failed, outcome = attempt(args, kwargs)
            if failed:
                raise outcome from None
            return outcome

        async def coroutine(*args, **kwargs):
            left, pause = max_attempts, delay
            failed, outcome = await attempt_later(args, kwargs)
            while failed and left > 1:
                waiting = asyncio.sleep(pause) if sleep is time.sleep else sleep(pause)
                if hasattr(waiting, "__await__"):
                    await waiting
                left, pause = left - 1, pause * backoff
                failed, outcome = await attempt_later(args, kwargs)
            if failed:
                raise outcome
            return outcome

        return wraps(function)(coroutine if inspect.iscoroutinefunction(function) else plain)

    return decorate
