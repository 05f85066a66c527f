# wrong: built-ins compete with functions  [test_built_ins_are_not_own]
import cProfile
from operator import attrgetter


def hotspot(function, *args):
    profile = cProfile.Profile()
    profile.runcall(function, *args)
    code = max(profile.getstats(), key=attrgetter("inlinetime")).code
    return code if isinstance(code, str) else code.co_qualname
