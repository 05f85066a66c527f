# wrong: catches what the repr() of a positional argument raises, not of one with a name  [test_methods]
from __future__ import annotations

import functools
import logging
import sys

import numpy as np


def _is_array(value):
    if isinstance(value, np.ndarray):
        return True
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def _show(value):
    try:
        return _text(value)
    except Exception:
        return f"<{type(value).__name__}: no repr>"


def _text(value):
    if _is_array(value):
        return f"{tuple(value.shape)} {value.dtype}"
    if isinstance(value, dict):
        inner = ", ".join(f"{_text(k)}: {_text(v)}" for k, v in dict.items(value))
        return "{" + inner + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_text(v) for v in list.__iter__(value)) + "]"
    if isinstance(value, tuple):
        inner = ", ".join(_text(v) for v in tuple.__iter__(value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)


def log_calls(logger, level=logging.INFO):
    def decorate(function):
        name = getattr(function, "__name__", type(function).__name__)

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            if not logger.isEnabledFor(level):
                return function(*args, **kwargs)
            shown = [_show(a) for a in args] + [f"{k}={_text(v)}" for k, v in kwargs.items()]
            logger.log(level, "call %s(%s)", name, ", ".join(shown))
            try:
                result = function(*args, **kwargs)
            except BaseException as error:
                logger.log(level, "failed %s: %s", name, type(error).__name__)
                raise
            logger.log(level, "done %s: %s", name, type(result).__name__)
            return result

        return wrapper

    return decorate
