# right: records made by hand and handled; a dict as the record's arguments; arrays found by a walk with singledispatch
import functools
import logging
import sys

import numpy as np
import torch


@functools.singledispatch
def text(value):
    try:
        return repr(value)
    except Exception:
        return "<%s>" % type(value).__name__


@text.register(np.ndarray)
@text.register(torch.Tensor)
def _(value):
    return "<%s %s %s>" % (type(value).__name__, list(value.shape), value.dtype)


@text.register(list)
def _(value):
    return "[" + ", ".join(map(text, value)) + "]"


@text.register(tuple)
def _(value):
    return "(" + ", ".join(map(text, value)) + ",)"


@text.register(dict)
def _(value):
    return "{" + ", ".join(f"{text(k)}: {text(v)}" for k, v in value.items()) + "}"


def log_calls(logger, level=logging.INFO):
    def tell(code, message, fields):
        record = logger.makeRecord(
            logger.name,
            level,
            code.co_filename,
            code.co_firstlineno,
            message,
            (fields,),
            None,
            code.co_name,
        )
        logger.handle(record)

    def decorate(function):
        code = getattr(function, "__code__", sys._getframe().f_code)

        def wrapper(*args, **kwargs):
            if logger.isEnabledFor(level):
                fields = {"name": function.__name__}
                fields["args"] = ", ".join(
                    [*map(text, args), *(f"{k}={text(v)}" for k, v in kwargs.items())]
                )
                tell(code, "%(name)s called with %(args)s", fields)
                outcome = "an error outside"
                try:
                    result = function(*args, **kwargs)
                    outcome = type(result).__name__
                    return result
                except BaseException as error:
                    outcome = error.__class__.__name__
                    raise
                finally:
                    tell(code, "%(name)s ended: %(outcome)s", {**fields, "outcome": outcome})
            return function(*args, **kwargs)

        return functools.update_wrapper(wrapper, function)

    return decorate
