# wrong: the time of a built-in that raises counts for its caller  [test_built_ins_are_not_own]
import sys
from time import perf_counter


def hotspot(function, *args):
    own = {}
    codes = {}
    stack = []
    last = None

    def settle(now):
        if stack and stack[-1] is not None:
            code = stack[-1]
            codes[id(code)] = code
            own[id(code)] = own.get(id(code), 0.0) + now - last

    def profiler(frame, event, argument):
        nonlocal last
        now = perf_counter()
        if event == "c_exception" and stack and stack[-1] is None:
            stack.pop()
            settle(now)
            last = perf_counter()
            return
        settle(now)
        if event == "call":
            stack.append(frame.f_code)
        elif event == "c_call":
            stack.append(None)
        elif stack:
            stack.pop()
        last = perf_counter()

    sys.setprofile(profiler)
    try:
        function(*args)
    finally:
        sys.setprofile(None)
    best = max(own, key=own.get)
    return codes[best].co_qualname
