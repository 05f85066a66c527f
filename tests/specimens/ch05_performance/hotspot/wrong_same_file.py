# wrong: looks at functions of the program's own file only  [test_deep_wrappers]
import cProfile
from types import CodeType


def hotspot(function, *args):
    profile = cProfile.Profile()
    profile.runcall(function, *args)
    home = function.__code__.co_filename
    own = {
        entry.code: entry.inlinetime
        for entry in profile.getstats()
        if isinstance(entry.code, CodeType) and entry.code.co_filename == home
    }
    return max(own, key=own.get).co_qualname
