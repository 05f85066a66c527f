# wrong: one profiler for the module, emptied only after a call that did not raise  [test_begins_from_nothing]
from __future__ import annotations

import cProfile

_profiler = cProfile.Profile()


def hotspot(function, *args):
    try:
        _profiler.runcall(function, *args)
    finally:
        _profiler.disable()
    entries = [e for e in _profiler.getstats() if not isinstance(e.code, str)]
    _profiler.clear()
    return max(entries, key=lambda e: e.inlinetime).code.co_qualname
