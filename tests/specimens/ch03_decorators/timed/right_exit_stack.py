# right: a callback on an ExitStack, options in a dict
import contextlib
import functools
import inspect
import time


def timed(function=None, **options):
    unknown = set(options) - {"report", "clock"}
    if unknown:
        raise TypeError(f"timed() knows no {sorted(unknown)}")
    if function is None:
        return functools.partial(timed, **options)
    report = options.get("report", print)
    clock = options.get("clock", time.perf_counter)

    def begin(stack):
        began = clock()
        stack.callback(lambda: report(function.__name__, clock() - began))

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def timing(*args, **kwargs):
            async with contextlib.AsyncExitStack() as stack:
                begin(stack)
                return await function(*args, **kwargs)

        return timing

    @functools.wraps(function)
    def timing(*args, **kwargs):
        with contextlib.ExitStack() as stack:
            begin(stack)
            return function(*args, **kwargs)

    return timing
