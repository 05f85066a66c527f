# wrong: leaves out functions without a proper name: <lambda>  [test_deep_wrappers]
import cProfile
import types


def hotspot(function, *args):
    profile = cProfile.Profile()
    profile.runcall(function, *args)
    python = [
        entry
        for entry in profile.getstats()
        if isinstance(entry.code, types.CodeType) and not entry.code.co_name.startswith("<")
    ]
    if not python:
        return function.__code__.co_qualname
    return max(python, key=lambda entry: entry.inlinetime).code.co_qualname
