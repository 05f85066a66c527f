# wrong: an f-string puts the result's type into the message  [test_lazy_arguments]
import functools
import logging


def shown(value):
    if hasattr(value, "dtype") and hasattr(value, "shape"):
        return f"{value.dtype}{tuple(value.shape)}"
    if isinstance(value, dict):
        return "{%s}" % ", ".join(f"{key}: {shown(part)}" for key, part in value.items())
    if isinstance(value, (list, tuple)):
        return "[%s]" % ", ".join(map(shown, value))
    try:
        return repr(value)
    except Exception:
        return type(value).__name__


def arguments(args, kwargs):
    return ", ".join([*map(shown, args), *(f"{k}={shown(v)}" for k, v in kwargs.items())])


def log_calls(logger, level=logging.INFO):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            if not logger.isEnabledFor(level):
                return function(*args, **kwargs)
            logger.log(level, "%s(%s)", function.__name__, arguments(args, kwargs))
            try:
                result = function(*args, **kwargs)
            except BaseException as error:
                logger.log(level, "%s: %s", function.__name__, type(error).__name__)
                raise
            logger.log(level, f"%s: {type(result).__name__}", function.__name__)
            return result

        return wrapper

    return decorate
