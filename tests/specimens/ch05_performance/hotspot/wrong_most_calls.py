# wrong: the function that is called most often  [test_all_calls_together]
import collections
import sys


def hotspot(function, *args):
    calls = collections.Counter()

    def hook(frame, event, argument):
        if event == "call":
            calls[frame.f_code] += 1

    sys.setprofile(hook)
    try:
        function(*args)
    finally:
        sys.setprofile(None)
    return calls.most_common(1)[0][0].co_qualname
