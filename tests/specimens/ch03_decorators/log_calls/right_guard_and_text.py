# right: makes the texts at once, behind the guard; knows numpy and torch by name
import functools
import logging

import numpy as np
import torch


def describe(value):
    if isinstance(value, (np.ndarray, torch.Tensor)):
        return f"<{type(value).__name__} shape={tuple(value.shape)} dtype={value.dtype}>"
    if isinstance(value, dict):
        return str({key: describe(part) for key, part in value.items()})
    if isinstance(value, (list, tuple)):
        return str([describe(part) for part in value])
    try:
        return repr(value)
    except Exception:
        return object.__repr__(value)


def log_calls(logger, level=logging.INFO):
    def decorator(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            enabled = logger.isEnabledFor(level)
            if enabled:
                shown = [describe(a) for a in args]
                shown += [f"{k}={describe(v)}" for k, v in kwargs.items()]
                logger.log(level, "Calling %s with %s", func.__name__, ", ".join(shown))
            try:
                result = func(*args, **kwargs)
            except BaseException as exc:
                if enabled:
                    logger.log(level, "%s raised %s", func.__name__, repr(exc))
                raise
            if enabled:
                logger.log(level, "%s returned %s", func.__name__, type(result).__name__)
            return result

        return wrapper

    return decorator
