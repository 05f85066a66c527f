# wrong: calls the function once without the profiler first  [test_called_once]
import cProfile
import types


def hotspot(function, *args):
    function(*args)
    profile = cProfile.Profile()
    profile.runcall(function, *args)
    entries = (e for e in profile.getstats() if isinstance(e.code, types.CodeType))
    return max(entries, key=lambda e: e.inlinetime).code.co_qualname
