# wrong: forgets that a built-in may end with an exception, and stays in it  [test_built_ins_are_not_own]
import sys
from collections import Counter
from time import perf_counter


def hotspot(function, *args):
    spent, stack, mark = Counter(), [None], perf_counter()

    def hook(frame, event, argument):
        nonlocal mark
        spent[stack[-1]] += perf_counter() - mark
        if event in ("call", "c_call"):
            stack.append(frame.f_code if event == "call" else None)
        elif event in ("return", "c_return") and len(stack) > 1:
            stack.pop()
        mark = perf_counter()

    sys.setprofile(hook)
    try:
        function(*args)
    finally:
        sys.setprofile(None)
    del spent[None]
    return max(spent, key=spent.get).co_qualname
