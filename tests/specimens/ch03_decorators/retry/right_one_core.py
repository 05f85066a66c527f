# right: one coroutine does it for both kinds; plain functions drive it by hand
import asyncio
import functools
import inspect
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=None):
    if not isinstance(max_attempts, int):
        raise TypeError(f"max_attempts must be an int, got {type(max_attempts).__name__}")
    if max_attempts < 1 or delay < 0:
        raise ValueError(f"unusable: max_attempts={max_attempts}, delay={delay}")

    async def core(call, pause):
        tries = 0
        while True:
            tries += 1
            try:
                return await call()
            except exceptions:
                if tries >= max_attempts:
                    raise
            await pause(delay * backoff ** (tries - 1))

    def now(coroutine):
        """Run a coroutine that never really waits."""
        try:
            coroutine.send(None)
        except StopIteration as end:
            return end.value
        raise RuntimeError("a plain function cannot wait for a coroutine")

    def decorator(function):
        if inspect.iscoroutinefunction(function):
            async def pause(seconds):
                done = (sleep or asyncio.sleep)(seconds)
                if inspect.iscoroutine(done) or inspect.isawaitable(done):
                    await done

            @functools.wraps(function)
            async def wrapped(*args, **kwargs):
                return await core(lambda: function(*args, **kwargs), pause)
        else:
            async def plain_pause(seconds):
                (sleep or time.sleep)(seconds)

            @functools.wraps(function)
            def wrapped(*args, **kwargs):
                async def call():
                    return function(*args, **kwargs)

                return now(core(call, plain_pause))

        return wrapped

    return decorator
