# right: the profiler in pure Python, whose names are short: looks for the code in all modules
import gc
import profile
import types


def _inside(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _inside(constant)


def _qualified(place):
    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType):
            for code in _inside(thing.__code__):
                if (code.co_filename, code.co_firstlineno, code.co_name) == place:
                    return code.co_qualname
    return place[2]


def hotspot(function, *args):
    watcher = profile.Profile()
    watcher.runcall(function, *args)
    watcher.create_stats()
    places = {place: row[2] for place, row in watcher.stats.items() if place[1] > 0}
    return _qualified(max(places, key=places.get))
