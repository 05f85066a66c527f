# wrong: one profile for all calls, which adds them up  [test_begins_from_nothing]
import cProfile
import types

_profile = cProfile.Profile()


def hotspot(function, *args):
    _profile.runcall(function, *args)
    codes = {e.code: e.inlinetime for e in _profile.getstats() if type(e.code) is types.CodeType}
    return max(codes, key=codes.get).co_qualname
