# wrong: knows arrays by their exact type: a Parameter shows its values  [test_nested_arrays]
import functools
import logging

import numpy as np
import torch


def _s(v):
    if type(v) in (np.ndarray, torch.Tensor):
        return f"{tuple(v.shape)} {v.dtype}"
    if isinstance(v, (list, tuple)):
        return "[" + ", ".join(map(_s, v)) + "]"
    if isinstance(v, dict):
        return "{" + ", ".join(f"{k!r}: {_s(x)}" for k, x in v.items()) + "}"
    return repr(v)


def log_calls(logger, level=logging.INFO):
    def deco(f):
        @functools.wraps(f)
        def w(*a, **k):
            if not logger.isEnabledFor(level):
                return f(*a, **k)
            logger.log(
                level,
                "call %s(%s)",
                f.__name__,
                ", ".join([*map(_s, a), *(f"{n}={_s(v)}" for n, v in k.items())]),
            )
            try:
                r = f(*a, **k)
            except BaseException as e:
                logger.log(level, "failed %s: %s", f.__name__, type(e).__name__)
                raise
            logger.log(level, "done %s: %s", f.__name__, type(r).__name__)
            return r

        return w

    return deco
