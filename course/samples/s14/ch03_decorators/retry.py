def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=None):
    def decorate(function):
        return retry(max_attempts, delay)(function)

    return decorate
