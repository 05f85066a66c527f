# wrong: the beginnings are kept for each task; threads share one stack of them  [test_calls_do_not_share]
import asyncio
import functools
import inspect
import time
from collections import defaultdict


def _task():
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


def timed(function=None, *, report=print, clock=time.perf_counter):
    if function is None:
        return functools.partial(timed, report=report, clock=clock)
    began = defaultdict(list)

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            began[_task()].append(clock())
            try:
                return await function(*args, **kwargs)
            finally:
                report(function.__name__, clock() - began[_task()].pop())

    else:

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            began[_task()].append(clock())
            try:
                return function(*args, **kwargs)
            finally:
                report(function.__name__, clock() - began[_task()].pop())

    return wrapper
