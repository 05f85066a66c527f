# right: no cProfile: a hook of its own, a stack, and the time since the last event
import sys
import time
from collections import defaultdict


class _OwnTime:
    def __init__(self):
        self.spent = defaultdict(float)
        self.stack = []
        self.last = time.perf_counter()

    def __call__(self, frame, event, argument):
        now = time.perf_counter()
        if self.stack:
            self.spent[self.stack[-1]] += now - self.last
        if event == "call":
            self.stack.append(frame.f_code)
        elif event == "c_call":
            self.stack.append(None)  # a built-in: its time is nobody's
        elif self.stack:
            self.stack.pop()
        self.last = time.perf_counter()


def hotspot(function, *args):
    hook = _OwnTime()
    before = sys.getprofile()
    sys.setprofile(hook)
    try:
        function(*args)
    finally:
        sys.setprofile(before)
    hook.spent.pop(None, None)
    return sorted(hook.spent.items(), key=lambda item: item[1])[-1][0].co_qualname
