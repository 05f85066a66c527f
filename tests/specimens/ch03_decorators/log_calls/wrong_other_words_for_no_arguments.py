# wrong: a call without arguments has a message of its own  [test_lazy_arguments]
import functools
import logging

import numpy as np
import torch


def _show(value):
    if isinstance(value, np.ndarray):
        return f"{value.shape} {value.dtype}"
    if isinstance(value, torch.Tensor):
        return f"{tuple(value.shape)} {value.dtype}".replace("torch.", "")
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_safe(k)}: {_safe(v)}" for k, v in dict.items(value)) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_safe, list.__iter__(value))) + "]"
    if isinstance(value, tuple):
        return "(" + "".join(_safe(v) + ", " for v in tuple.__iter__(value)) + ")"
    return repr(value)


def _safe(value):
    try:
        return _show(value)
    except BaseException as error:
        return f"<{type(value).__name__} without repr: {type(error).__name__}>"


def log_calls(logger: logging.Logger, level: int = logging.INFO):
    enabled = logger.isEnabledFor

    def decorate(function):
        name = function.__name__

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            if not enabled(level):
                return function(*args, **kwargs)
            parts = [_safe(a) for a in args] + [f"{k}={_safe(v)}" for k, v in kwargs.items()]
            if parts:
                logger.log(level, "call %s(%s)", name, ", ".join(parts))
            else:
                logger.log(level, "call %s()", name)
            try:
                result = function(*args, **kwargs)
            except BaseException as error:
                logger.log(level, "%s raised %s", name, type(error).__name__)
                raise
            logger.log(level, "done %s: %s", name, type(result).__name__)
            return result

        return wrapper

    return decorate
