import tenacity  # "it says retry, so I used the library"


def retry(max_attempts=3, delay=1.0, *, backoff=1.0, exceptions=(Exception,), sleep=None):
    return tenacity.retry(stop=tenacity.stop_after_attempt(max_attempts))
