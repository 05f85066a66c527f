# wrong: makes the name prettier, outer.inner for outer.<locals>.inner  [test_same_names]
import cProfile


def hotspot(function, *args):
    profile = cProfile.Profile()
    profile.runcall(function, *args)
    entries = [e for e in profile.getstats() if not isinstance(e.code, str)]
    return max(entries, key=lambda e: e.inlinetime).code.co_qualname.replace(".<locals>", "")
