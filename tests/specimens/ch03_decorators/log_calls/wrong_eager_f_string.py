# wrong: builds its texts at every call, whether the level is on or not  [test_off_means_off]
import functools
import logging


def log_calls(logger, level=logging.INFO):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            logger.log(level, f"{function.__name__} called with {args} {kwargs}")
            try:
                result = function(*args, **kwargs)
            except Exception as error:
                logger.log(level, f"{function.__name__} raised {error!r}")
                raise
            logger.log(level, f"{function.__name__} returned {type(result).__name__}")
            return result

        return wrapper

    return decorate
