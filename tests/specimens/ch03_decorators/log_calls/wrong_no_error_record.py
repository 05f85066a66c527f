# wrong: an exception leaves no record  [test_logs_and_raises_the_error]
import functools
import logging

import numpy as np
import torch


def show(x):
    if isinstance(x, (np.ndarray, torch.Tensor)):
        return "%s %s" % (tuple(x.shape), x.dtype)
    if isinstance(x, (list, tuple)):
        return str([show(y) for y in x])
    if isinstance(x, dict):
        return str({k: show(v) for k, v in x.items()})
    return str(x)


def log_calls(logger, level=logging.INFO):
    def outer(func):
        @functools.wraps(func)
        def inner(*args, **kwargs):
            if logger.isEnabledFor(level):
                logger.log(level, "-> %s %s %s", func.__name__, show(args), show(kwargs))
            result = func(*args, **kwargs)
            if logger.isEnabledFor(level):
                logger.log(level, "<- %s %s", func.__name__, type(result).__name__)
            return result

        return inner

    return outer
