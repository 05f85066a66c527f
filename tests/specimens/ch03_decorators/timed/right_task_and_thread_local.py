# right: awaits a task of its own; plain calls keep their beginnings on a stack for each thread
import asyncio
import functools
import threading
import time


def timed(function=None, *, report=print, clock=time.perf_counter):
    def decorate(function):
        local = threading.local()

        async def awaiting(*args, **kwargs):
            began = clock()
            task = asyncio.ensure_future(function(*args, **kwargs))
            try:
                return await task
            finally:
                report(function.__name__, clock() - began)

        def calling(*args, **kwargs):
            stack = local.__dict__.setdefault("stack", [])
            stack.append(clock())
            try:
                return function(*args, **kwargs)
            finally:
                report(function.__name__, clock() - stack.pop())

        wrapper = awaiting if asyncio.iscoroutinefunction(function) else calling
        return functools.update_wrapper(wrapper, function)

    return decorate if function is None else decorate(function)
