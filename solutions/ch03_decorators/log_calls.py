"""log_calls: a record when a function is called and one when it ends."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

### BEGIN SOLUTION
import functools

### END SOLUTION

F = TypeVar("F", bound=Callable[..., Any])


def log_calls(logger: logging.Logger, level: int = logging.INFO) -> Callable[[F], F]:
    """Decorate a function so that its calls are logged.

    >>> import sys
    >>> logger = logging.getLogger("demo")
    >>> logger.addHandler(logging.StreamHandler(sys.stdout))
    >>> logger.setLevel(logging.INFO)
    >>> @log_calls(logger)
    ... def area(width, height=1):
    ...     return width * height
    >>> area(3, height=4)
    call area(3, height=4)
    done area: int
    12

    A call gives two records on ``logger``, none on any other logger, both at ``level``. How they
    are worded is your choice:

    * before the function runs, one with the function's name and the arguments, those passed by
      keyword with their names (``self`` may be left out);
    * when it ends, one with the function's name and the name of the result's type, or of the
      exception's type, whatever exception it is.

    The caller gets the very object that the function returned or raised, even if the ``repr()`` of
    an argument raises.

    Arguments that are NumPy arrays or torch tensors are shown as shape and dtype, such as
    ``(480, 640) uint8``. No record shows the values of an array or tensor, neither those of an
    argument or result nor those of one within lists, tuples and dicts, their subclasses included.

    The message of a record is lazy: what differs from call to call goes to the logger as arguments
    (``logger.log(level, "call %s", …)``). So the first records of all calls have the same
    ``record.msg``. The second ones have the same for all calls that return, and for all that
    raise. An object whose ``__str__()`` makes the text will do as a message, too.

    While ``logger`` is not enabled for ``level``, there is no record, and no ``repr()`` or
    ``str()`` of an argument or result is made. A call then takes at most twice as long as
    undecorated, for a function that does a microsecond of work. Whether the logger is enabled is
    asked at each call: logging may be turned on while the program runs.

    It works on methods. The decorated function keeps name and docstring of the original, which is
    its ``__wrapped__``. Not asked for are coroutine functions, generators, arrays in keys of
    dicts or in other objects than those named, and containers that contain themselves.
    """

    ### BEGIN SOLUTION
    def decorate(function: F) -> F:
        name = function.__qualname__

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            # One question, whose answer the logger caches: all that a call costs while off.
            if not logger.isEnabledFor(level):
                return function(*args, **kwargs)
            # stacklevel=2: the record's file and line are the caller's, not this wrapper's.
            logger.log(level, "call %s(%s)", name, _Arguments(args, kwargs), stacklevel=2)
            try:
                result = function(*args, **kwargs)
            except BaseException as error:
                # Its type and not its text, which may quote an array; the caller gets it whole.
                logger.log(level, "fail %s: %s", name, type(error).__name__, stacklevel=2)
                raise
            logger.log(level, "done %s: %s", name, type(result).__name__, stacklevel=2)
            return result

        return wrapper  # type: ignore[return-value]

    return decorate
    ### END SOLUTION


### BEGIN SOLUTION
class _Arguments:
    """The arguments of a call, made into text when a handler wants the text, not before."""

    def __init__(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.args, self.kwargs = args, kwargs

    def __str__(self) -> str:
        by_name = [f"{name}={_shown(value)}" for name, value in self.kwargs.items()]
        return ", ".join([*map(_shown, self.args), *by_name])


def _shown(value: Any) -> str:
    """``repr``, except that arrays and tensors, at any depth, are their shape and dtype."""
    # Asked of the object and not of NumPy or torch: neither has to be imported for this.
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{type(value).__name__}{tuple(value.shape)} {value.dtype}"
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{_shown(key)}: {_shown(part)}" for key, part in value.items()) + "}"
        )
    if isinstance(value, list | tuple):
        start, end = "[]" if isinstance(value, list) else "()"
        return start + ", ".join(map(_shown, value)) + end
    try:
        return repr(value)
    except Exception:  # of an object that __init__ has not finished, for example
        return f"<{type(value).__name__} without repr>"


# Notes. Three levels of "lazy". An f-string builds its text at every call, wanted or not:
# `logger.debug(f"{batch}")` prints a million numbers into a string that is thrown away.
# `logger.debug("%s", batch)` builds it only if the level is on. The guard isEnabledFor spares
# the collecting of the arguments, too. That all records of a call site have one `msg` is what
# lets Sentry and the like group them.
# Common mistakes: logging.info(…), which is the root logger, whose level and handlers belong to
# the application; `except Exception: logger.exception(…)` without `raise`, after which the
# caller goes on with None; isEnabledFor asked once, at decoration; a repr() in the wrapper that
# raises, so that turning logging on breaks the program.
# A handler that keeps records for later (MemoryHandler) keeps the arguments alive, and shows
# what has become of them by then; make the text at once if you use one.
# A coroutine function needs a second wrapper, as in `timed`: this one would log the making of
# the coroutine as the end.
### END SOLUTION
