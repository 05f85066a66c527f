# right: an object with __get__; two ways through it, chosen by the guard
import functools
import logging
import types


class _Logged:
    def __init__(self, function, logger, level):
        functools.update_wrapper(self, function)
        self.function, self.logger, self.level = function, logger, level
        self.enabled = functools.partial(logger.isEnabledFor, level)

    def __get__(self, instance, owner=None):
        return self if instance is None else types.MethodType(self, instance)

    def __call__(self, /, *args, **kwargs):
        if self.enabled():
            return self.aloud(args, kwargs)
        return self.function(*args, **kwargs)

    def aloud(self, args, kwargs):
        name = self.function.__name__
        say = functools.partial(self.logger.log, self.level)
        say("enter %(name)s %(args)s", {"name": name, "args": _text([*args, *kwargs.items()])})
        try:
            result = self.function(*args, **kwargs)
        except BaseException as error:
            say("leave %s by %s", name, type(error).__qualname__)
            raise
        say("leave %s with %s", name, result.__class__.__name__)
        return result


def _text(value):
    match value:
        case list() | tuple():
            return "[" + "; ".join(_text(part) for part in value) + "]"
        case dict():
            return _text(list(value.items()))
        case object(shape=shape, dtype=dtype):
            return f"{dtype}({', '.join(str(n) for n in shape)})"
        case _:
            try:
                return str(value)
            except Exception as error:
                return f"<{type(value).__name__}: {type(error).__name__}>"


def log_calls(logger, level=logging.INFO):
    return lambda function: _Logged(function, logger, level)
