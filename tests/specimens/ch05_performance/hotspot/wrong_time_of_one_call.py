# wrong: own time divided by the number of calls  [test_all_calls_together]
import cProfile
import types


def hotspot(function, *args):
    profile = cProfile.Profile()
    profile.runcall(function, *args)
    per_call = {}
    for entry in profile.getstats():
        if isinstance(entry.code, types.CodeType):
            per_call[entry.code] = entry.inlinetime / entry.callcount
    return max(per_call, key=per_call.get).co_qualname
