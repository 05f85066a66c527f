# wrong: takes the name out of the printed table, where it is the short one  [test_qualified_name]
import cProfile
import io
import pstats
import re


def hotspot(function, *args):
    profile = cProfile.Profile()
    profile.runcall(function, *args)
    text = io.StringIO()
    pstats.Stats(profile, stream=text).sort_stats("tottime").print_stats()
    return re.search(r":\d+\((.+)\)$", text.getvalue(), re.MULTILINE).group(1)
