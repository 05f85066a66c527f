"""What an observation works with is Python's own, whatever the student's module replaced.

Made in the zygote, before anything of a submission runs: for each module of the standard
library a stand-in that holds its functions and classes as they were. An observation's
``import time`` gives the stand-in; what is not a function or a class is read from the real
module, and what an observation assigns goes to the real one, since a check that replaces a
clock does so for the student's code to see.
"""

from __future__ import annotations

import builtins
import sys
import types
from typing import Any

from autograder.sandbox.inside import bare
from autograder.sandbox.inside.bare import BUILTINS as __builtins__  # type: ignore # noqa: F401
from autograder.sandbox.inside.originals import Marked

_NEVER = frozenset({"__main__", "__mp_main__"})


class Instruments:
    """The stand-ins for the standard library's modules that are loaded now."""

    def __init__(self) -> None:
        import concurrent.futures

        # Loaded when first asked for, and then written into the package.
        _ = concurrent.futures.ThreadPoolExecutor, concurrent.futures.ProcessPoolExecutor
        self._table: dict[str, types.ModuleType] = {}
        real: dict[int, types.ModuleType] = {}
        for name, module in list(sys.modules.items()):
            if _is_own(name) and type(module) is types.ModuleType:
                kind = bare.pristine(module, types.ModuleType)
                stand_in = self._table[name] = kind(name)
                real[id(module)] = stand_in
        for name, stand_in in self._table.items():
            vars(stand_in).update(_fixed(vars(sys.modules[name]), real))
        self._builtins = dict(vars(builtins))
        self._builtins["__import__"] = bare.importing(self._table, builtins.__import__)
        self._helpers: list[str] = []
        spaces = [(name, vars(module)) for name, module in self._table.items()]
        spaces += [("builtins", s) for s in (bare.SPACE, bare.SPACE["__builtins__"])]
        self._marked = Marked(spaces)
        self._marked_table = Marked([("builtins", self._table)])

    @property
    def lent(self) -> bool:
        """Whether modules of a grader are there to be imported."""
        return bool(self._helpers)

    def lend(self, helpers: dict[str, types.ModuleType]) -> None:
        """Have observations import these modules of the grader, whatever ``sys.modules`` says."""
        for name in self._helpers:
            del self._table[name]
        self._table.update(helpers)
        self._helpers = list(helpers)
        self._marked_table = Marked([("builtins", self._table)])

    def namespace(self) -> dict[str, Any]:
        """A fresh namespace for the functions of one observation."""
        return {"__builtins__": dict(self._builtins), "__name__": "__main__"}

    def touched(self, namespace: dict[str, Any], before: Any) -> list[str]:
        """What was written to: modules by name, ``builtins``, and ``observation`` for its own.

        ``before`` is what :meth:`mark` gave for ``namespace``.
        """
        written = self._marked.written() | self._marked_table.written()
        names, inner = before
        if self._names(namespace) != names:
            written.add("observation")
        return sorted(written | inner.written())

    def mark(self, namespace: dict[str, Any]) -> Any:
        """What tells later whether an observation's namespace was changed."""
        return self._names(namespace), Marked([("builtins", namespace["__builtins__"])])

    @staticmethod
    def _names(namespace: dict[str, Any]) -> list[tuple[str, int]]:
        # By name: Python itself adds a registry of warnings.
        return [(n, id(v)) for n, v in namespace.items() if n != "__warningregistry__"]


def _is_own(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names and name not in _NEVER


def _fixed(names: dict[str, Any], stand_ins: dict[int, types.ModuleType]) -> dict[str, Any]:
    """The functions, classes and (as their stand-ins) modules among a module's names."""
    fixed: dict[str, Any] = {}
    for name, value in list(names.items()):
        if name.startswith("__") and name.endswith("__"):
            continue
        if type(value) is types.ModuleType:
            fixed[name] = stand_ins.get(id(value), value)
        elif callable(value):
            fixed[name] = value
    return fixed
