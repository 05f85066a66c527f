# right: a measure that is both kinds of context manager; metadata copied by hand
from __future__ import annotations

import inspect
import time


class Measure:
    __slots__ = ("_began", "_clock", "_name", "_tell")

    def __init__(self, name, tell, clock):
        self._name, self._tell, self._clock = name, tell, clock

    def __enter__(self):
        self._began = self._clock()

    def __exit__(self, *_):
        end = self._clock()
        self._tell(self._name, end - self._began)

    async def __aenter__(self):
        return self.__enter__()

    async def __aexit__(self, *error):
        return self.__exit__(*error)


def timed(function=None, *, report=print, clock=time.perf_counter):
    match function:
        case None:
            return lambda function: timed(function, report=report, clock=clock)
        case _ if inspect.iscoroutinefunction(function):

            async def wrapper(*args, **kwargs):
                async with Measure(function.__name__, report, clock):
                    return await function(*args, **kwargs)

        case _:

            def wrapper(*args, **kwargs):
                with Measure(function.__name__, report, clock):
                    return function(*args, **kwargs)

    wrapper.__wrapped__ = function
    for name in ("__name__", "__qualname__", "__doc__", "__module__", "__annotations__"):
        setattr(wrapper, name, getattr(function, name, None))
    vars(wrapper).update({k: v for k, v in vars(function).items() if k != "__wrapped__"})
    return wrapper
