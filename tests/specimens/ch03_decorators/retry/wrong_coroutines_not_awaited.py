# wrong: one plain wrapper for every function, so a coroutine's error comes too late  [test_coroutine_functions_too]
import functools
import time


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=time.sleep):
    if max_attempts < 1:
        raise ValueError(f"max_attempts must be at least 1, not {max_attempts}")
    if delay < 0:
        raise ValueError(f"delay must not be negative: {delay}")

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            wait = delay
            for attempt in range(max_attempts):
                try:
                    return function(*args, **kwargs)
                except exceptions:
                    if attempt == max_attempts - 1:
                        raise
                    sleep(wait)
                    wait *= backoff

        return wrapper

    return decorate
