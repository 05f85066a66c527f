# right: enable and disable by hand, time on the processor, own entries left out by their file
import cProfile
import time
from operator import attrgetter


def hotspot(function, *args):
    profiler = cProfile.Profile(time.process_time)
    profiler.enable(subcalls=False)
    try:
        function(*args)
    finally:
        profiler.disable()
    entries = profiler.getstats()
    entries.sort(key=attrgetter("inlinetime"), reverse=True)
    for entry in entries:
        name = getattr(entry.code, "co_qualname", None)
        if name is not None and entry.code.co_filename != __file__:
            return name
    raise LookupError("no Python function ran")
