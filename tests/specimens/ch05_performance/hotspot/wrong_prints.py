# wrong: prints the table as well  [test_prints_nothing]
import cProfile
import types


def hotspot(function, *args):
    with cProfile.Profile() as profile:
        function(*args)
    profile.print_stats("tottime")
    python = filter(lambda e: isinstance(e.code, types.CodeType), profile.getstats())
    ranked = sorted(python, key=lambda e: -e.inlinetime)
    return ranked[0].code.co_qualname
