# right: Profile.runcall, then the statistics sorted by own time; names found through the entries' code
import cProfile
import types


def hotspot(function, *args):
    profile = cProfile.Profile()
    try:
        profile.runcall(function, *args)
    finally:
        profile.disable()
    python = (e for e in profile.getstats() if isinstance(e.code, types.CodeType))
    return max(python, key=lambda entry: entry.inlinetime).code.co_qualname
