# wrong: looks at the arguments themselves only, not into lists and dicts  [test_nested_arrays]
import functools
import logging


class Args:
    def __init__(self, args, kwargs):
        self.args, self.kwargs = args, kwargs

    def __str__(self):
        texts = [self.one(a) for a in self.args]
        return ", ".join(texts + [k + "=" + self.one(v) for k, v in self.kwargs.items()])

    @staticmethod
    def one(x):
        if hasattr(x, "dtype"):
            return f"{type(x).__name__}(shape={tuple(x.shape)}, dtype={x.dtype})"
        return repr(x)


def log_calls(logger, level=logging.INFO):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            logger.log(level, "%s(%s)", function.__name__, Args(args, kwargs))
            try:
                result = function(*args, **kwargs)
            except Exception as error:
                logger.log(level, "%s raised %r", function.__name__, error)
                raise
            logger.log(level, "%s -> %s", function.__name__, type(result).__name__)
            return result

        return wrapper

    return decorate
