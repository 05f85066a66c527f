# right: the message is an object that becomes text when it is formatted
import functools
import logging


class Message:
    def __init__(self, make, *parts):
        self.make, self.parts = make, parts

    def __str__(self):
        return self.make(*self.parts)


def brief(value):
    try:
        return f"array of {'x'.join(map(str, value.shape))}, {value.dtype}"
    except AttributeError:
        pass
    if isinstance(value, (list, tuple, dict)):
        return f"{type(value).__name__} of {len(value)}"
    return str(value)


def call_text(name, args, kwargs):
    return " ".join([name, *map(brief, args), *(f"{k}={brief(v)}" for k, v in kwargs.items())])


def log_calls(logger, level=logging.INFO):
    def decorate(function):
        name = function.__name__

        @functools.wraps(function)
        def logged(*args, **kwargs):
            logger.log(level, Message(call_text, name, args, kwargs))
            outcome = "failed"
            try:
                result = function(*args, **kwargs)
                outcome = type(result)
                return result
            except BaseException as error:
                outcome = type(error)
                raise
            finally:
                logger.log(level, Message("{} ended: {}".format, name, outcome))

        return logged

    return decorate
