# right: no guard, lazy arguments for each value; the exception travels as exc_info
import logging
from functools import update_wrapper


class Lazy:
    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value

    def __repr__(self):
        value = self.value
        shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
        if shape is not None and dtype is not None:
            return f"{list(shape)}:{dtype}"
        if isinstance(value, (list, tuple)):
            return repr([Lazy(part) for part in value])
        if isinstance(value, dict):
            return repr({key: Lazy(part) for key, part in value.items()})
        return repr(value)


def log_calls(logger, level=logging.INFO):
    def decorate(function):
        def inner(*args, **kwargs):
            logger.log(level, "%s: args %r kwargs %r", function.__name__, Lazy(args), Lazy(kwargs))
            try:
                result = function(*args, **kwargs)
            except BaseException:
                logger.log(level, "%s raised", function.__name__, exc_info=True)
                raise
            else:
                logger.log(level, "%s -> %s", function.__name__, type(result).__name__)
                return result

        return update_wrapper(inner, function)

    return decorate
