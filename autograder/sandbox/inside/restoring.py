"""Take back what a check changed in a process that serves another check afterwards.

Observations patch what they watch (a clock, a thread's start, all of ``torch.cuda``) and may
leave it so: in a fork the process ends with the check. An interpreter that is used again has
to be put right. Only functions and classes are put back. What a library keeps for itself in
its globals, a flag or a cache, is part of how it works, and stays.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import types
import warnings
from typing import Any

_DESCRIPTORS = (property, classmethod, staticmethod, types.GetSetDescriptorType)


class Snapshot:
    """The functions and classes in every module and class that is loaded now."""

    def __init__(self) -> None:
        modules = [m for m in list(sys.modules.values()) if isinstance(m, types.ModuleType)]
        places: dict[int, Any] = {}
        for module in modules:
            places[id(module)] = module
            for value in list(vars(module).values()):
                # Asked of the type: some deprecated objects warn when asked for their class.
                if issubclass(type(value), type):
                    places[id(value)] = value
        self._places = [(place, _callables(place)) for place in places.values()]
        self._names = {id(p): set(vars(p)) for p, _ in self._places if isinstance(p, type)}
        self._filters = list(warnings.filters)
        self._loggers = set(logging.root.manager.loggerDict)
        self._recursion = sys.getrecursionlimit()

    def restore(self) -> None:
        """Put back what was replaced or taken away, and take away what classes were given."""
        for place, values in self._places:
            now = vars(place)
            for name, value in values.items():
                if now.get(name) is not value:
                    # Some things cannot be set on a built-in class; nobody could have, either.
                    with contextlib.suppress(AttributeError, TypeError):
                        setattr(place, name, value)
            names = self._names.get(id(place))
            if names is not None and len(now) > len(names):
                for name in [n for n in now if n not in names and not n.startswith("__")]:
                    with contextlib.suppress(AttributeError, TypeError):
                        delattr(place, name)
        warnings.filters[:] = self._filters  # type: ignore[index]
        sys.setrecursionlimit(self._recursion)
        self._restore_logging()

    def _restore_logging(self) -> None:
        logging.disable(logging.NOTSET)
        known = logging.root.manager.loggerDict
        for name in [n for n in known if n not in self._loggers]:
            del known[name]
        logging.root.handlers.clear()
        logging.root.setLevel(logging.WARNING)


def _callables(place: Any) -> dict[str, Any]:
    return {
        name: value
        for name, value in list(vars(place).items())
        if callable(value) or issubclass(type(value), _DESCRIPTORS)
    }
