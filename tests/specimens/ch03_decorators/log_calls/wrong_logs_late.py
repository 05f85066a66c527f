# wrong: both records after the call  [test_logs_call_and_end]
import functools
import logging


def log_calls(logger, level=logging.INFO):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            error = result = None
            try:
                result = function(*args, **kwargs)
            except Exception as caught:
                error = caught
            if logger.isEnabledFor(level):
                logger.log(level, "%s %s %s", function.__name__, args, kwargs)
                logger.log(level, "%s ended: %s", function.__name__, type(error or result).__name__)
            if error:
                raise error
            return result

        return wrapper

    return decorate
