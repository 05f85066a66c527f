# right: a ChainMap of the names, partial as decorator, suggestions by difflib's own matcher
from __future__ import annotations

import collections
import difflib
import functools


class ModelFactory:
    def __init__(self):
        self._classes = collections.ChainMap({})

    def register(self, name):
        return functools.partial(self._put, name)

    def _put(self, name, cls):
        if self._classes.setdefault(name, cls) is not cls or name in getattr(self, "_seen", ()):
            raise ValueError(f"the name {name!r} is taken")
        self._seen = {*getattr(self, "_seen", ()), name}
        return cls

    def create(self, name, /, **options):
        if name not in self._classes:
            close = difflib.get_close_matches(str(name), map(str, self._classes), n=1, cutoff=0.5)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise ValueError(f"unknown model {name!r}{hint} Known: {sorted(self._classes)}")
        return self._classes[name](**options)

    def names(self):
        return self._classes.keys()
