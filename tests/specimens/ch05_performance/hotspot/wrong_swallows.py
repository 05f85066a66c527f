# wrong: the caller never hears of the exception  [test_profiler_off]
import cProfile
import types


def hotspot(function, *args):
    profile = cProfile.Profile()
    try:
        profile.runcall(function, *args)
    except BaseException:
        pass
    best = None
    for entry in profile.getstats():
        if isinstance(entry.code, types.CodeType):
            if best is None or entry.inlinetime > best.inlinetime:
                best = entry
    return best.code.co_qualname
