# wrong: keeps the own time per frame and overwrites it when the frame returns; a generator returns once per yield  [test_all_calls_together]
from __future__ import annotations

import sys
from collections import Counter
from time import perf_counter


def hotspot(function, *args):
    frames = {}
    stack = []  # [frame or None, own time]
    last = 0.0

    def hook(frame, event, arg):
        nonlocal last
        now = perf_counter()
        if stack:
            stack[-1][1] += now - last
        if event in ("call", "c_call"):
            stack.append([frame if event == "call" else None, 0.0])
        elif stack:
            done, spent = stack.pop()
            if done is not None:
                frames[done] = spent
        last = perf_counter()

    sys.setprofile(hook)
    try:
        function(*args)
    finally:
        sys.setprofile(None)
    own = Counter()
    for frame, spent in frames.items():
        own[frame.f_code] += spent
    return own.most_common(1)[0][0].co_qualname
