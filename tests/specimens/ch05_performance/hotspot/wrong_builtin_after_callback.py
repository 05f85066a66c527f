# wrong: "in a built-in" is one flag, which a Python callback switches off for the rest of the built-in  [test_built_ins_are_not_own]
#   def caller(): PATTERN.sub(lambda match: "", text)   (0.5 s in the built-in, after the callback)   def busy(): 0.1 s of loop
#   def outer(): caller(); busy()   — hotspot(outer) gives 'caller', should be 'busy'
from __future__ import annotations

import sys
from collections import defaultdict
from time import perf_counter


def hotspot(function, *args):
    own = defaultdict(float)
    stack = []
    builtin = False
    last = 0.0

    def hook(frame, event, arg):
        nonlocal builtin, last
        now = perf_counter()
        if stack and not builtin:
            own[stack[-1]] += now - last
        if event == "call":
            stack.append(frame.f_code)
            builtin = False
        elif event == "return":
            if stack:
                stack.pop()
            builtin = False
        else:
            builtin = event == "c_call"
        last = perf_counter()

    sys.setprofile(hook)
    try:
        function(*args)
    finally:
        sys.setprofile(None)
    return max(own, key=own.get).co_qualname
