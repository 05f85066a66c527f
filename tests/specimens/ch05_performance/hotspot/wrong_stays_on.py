# wrong: an exception leaves the profiler on  [test_profiler_off]
import cProfile


def hotspot(function, *args):
    profile = cProfile.Profile()
    profile.enable()
    function(*args)
    profile.disable()
    python = [e for e in profile.getstats() if hasattr(e.code, "co_name")]
    return max((e.inlinetime, e.code.co_qualname) for e in python)[1]
