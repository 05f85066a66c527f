# wrong: adds up the times of functions that have one name  [test_same_names]
import cProfile
from collections import Counter


def hotspot(function, *args):
    profile = cProfile.Profile()
    profile.runcall(function, *args)
    own = Counter()
    for e in profile.getstats():
        if not isinstance(e.code, str):
            own[e.code.co_qualname] += e.inlinetime
    return own.most_common(1)[0][0]
