# right: binds the arguments to their names, defaults too, once it is known that they are wanted
import inspect
import logging
from functools import wraps


def is_array(x):
    return type(x).__module__.partition(".")[0] in ("numpy", "torch") and hasattr(x, "shape")


def brief(x):
    if is_array(x):
        return f"{type(x).__name__}(shape={x.shape}, dtype={x.dtype})"
    if isinstance(x, (list, tuple, set)):
        return f"{type(x).__name__}[{', '.join(brief(part) for part in x)}]"
    if isinstance(x, dict):
        return "dict[" + ", ".join(f"{name}: {brief(part)}" for name, part in x.items()) + "]"
    try:
        return repr(x)
    except Exception:
        return f"a {type(x).__name__}"


def log_calls(logger, level=logging.INFO):
    def decorate(function):
        signature = inspect.signature(function)

        def told(args, kwargs):
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            return ", ".join(f"{name}={brief(x)}" for name, x in bound.arguments.items())

        @wraps(function)
        def inner(*args, **kwargs):
            if logger.isEnabledFor(level):
                logger.log(level, "%s called with %s", function.__name__, told(args, kwargs))
            try:
                result = function(*args, **kwargs)
            except BaseException as error:
                logger.log(level, "%s failed with %r", function.__name__, error)
                raise
            logger.log(level, "%s finished, %s", function.__name__, type(result).__qualname__)
            return result

        return inner

    return decorate
