# wrong: the largest cumulative time, which is that of the outermost function  [test_own_time]
import cProfile
import types


def hotspot(function, *args):
    profile = cProfile.Profile()
    profile.runcall(function, *args)
    entries = [e for e in profile.getstats() if isinstance(e.code, types.CodeType)]
    return max(entries, key=lambda e: e.totaltime).code.co_qualname
