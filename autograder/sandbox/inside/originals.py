"""Python's own functions and classes as they were before a submission ran, and what replaced them.

An answer that replaces ``time.sleep`` or a method of ``threading.Thread`` changes what a check
sees. The zygote notes what is there; after each request the worker looks for what has changed,
puts it back and says what it was.

A look must not read every function: reading counts references, which copies the page they lie
on, and there are thousands. CPython gives each dictionary a number that changes with every write
(``ma_version_tag``, PEP 509, up to Python 3.13): only where that has changed are names compared.
Without it the modules that observations work with are compared name by name.
"""

from __future__ import annotations

import ctypes
import gc
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from autograder.sandbox.inside.bare import BUILTINS as __builtins__  # type: ignore # noqa: F401

_HEAP_TYPE, _IMMUTABLE_TYPE = 1 << 9, 1 << 8  # Py_TPFLAGS_*: only the first kind can be written to
_VERSION_AT = 24  # bytes into a dict: behind the object's head (16) and ma_used (8)

BESIDE = ("numpy", "torch", "torch.cuda")
"""Looked at beside the standard library: their top level, and the classes there."""

STATE = frozenset(
    [
        "sys.excepthook", "sys.displayhook", "sys.unraisablehook", "sys.breakpointhook",
        "sys.ps1", "sys.ps2", "threading.excepthook", "warnings.showwarning",
        "warnings.formatwarning", "logging._loggerClass", "logging._logRecordFactory", "builtins._",
        "torch.manual_seed",
    ]
)  # fmt: skip
"""Names that a program may set: settings that happen to be functions, and what torch wraps when its
compiler is first imported, which many of its functions do."""

_CORE = (
    "_thread", "asyncio", "asyncio.events", "asyncio.locks", "asyncio.tasks", "builtins",
    "concurrent.futures.thread", "gc", "multiprocessing.context", "os", "queue", "random",
    "signal", "sys", "tempfile", "threading", "time", "tracemalloc", "weakref",
)  # fmt: skip

_STEADY = frozenset(
    [
        "_thread", "gc", "os", "posix", "time", "tracemalloc", "threading.Thread",
        "threading.Event", "threading.Condition", "threading.Semaphore", "threading.Barrier",
        "asyncio.locks.Lock", "asyncio.locks.Semaphore", "asyncio.locks.Event",
        "asyncio.queues.Queue", "queue.Queue", "concurrent.futures.thread.ThreadPoolExecutor",
        "concurrent.futures._base.Future", "multiprocessing.process.BaseProcess",
    ]
)  # fmt: skip
"""What nothing writes to while a program runs: even a change taken back is one."""


_WITH_CLASSES = frozenset(
    [
        "_collections_abc", "asyncio", "builtins", "collections", "concurrent", "contextlib",
        "functools", "inspect", "io", "json", "logging", "multiprocessing", "os", "pathlib",
        "pickle", "posixpath", "queue", "random", "selectors", "socket", "subprocess", "tempfile",
        "threading", "traceback", "types", "unittest", "warnings", "weakref", "_weakrefset",
    ]
)  # fmt: skip
"""Modules whose classes are looked at as well: those of others are no instruments."""


def _versions_work() -> bool:
    if sys.implementation.name != "cpython" or sys.version_info >= (3, 14):
        return False
    trial = {"a": 1}
    cell = ctypes.c_uint64.from_address(id(trial) + _VERSION_AT)
    seen = [cell.value]
    for number in range(3):
        trial["a"] = number
        seen.append(cell.value)
    trial["b"] = 1
    return len({*seen, cell.value}) >= 4 and object.__basicsize__ == 16


VERSIONS = _versions_work()
"""Whether a dictionary's version can be read on this Python."""


class _Cells:
    """The versions of some dictionaries, read through one array of pointers.

    Made ahead, because an address is an audit event. With an object for each dictionary, a look
    would count references on hundreds of pages, each of which is then copied.
    """

    def __init__(self, spaces: Iterable[dict[str, Any]]) -> None:
        places = [id(space) + _VERSION_AT for space in spaces] if VERSIONS else []
        addresses = (ctypes.c_void_p * len(places))(*places)
        kind = ctypes.POINTER(ctypes.c_uint64) * len(places)
        self._pointers = kind.from_buffer(addresses)

    def values(self) -> list[int]:
        """The versions now; empty on a Python that has none."""
        return [pointer[0] for pointer in self._pointers]


class Marked:
    """A few dictionaries, and whether any of them has been written to since this was made.

    Without versions: whether it differs.
    """

    def __init__(self, spaces: Iterable[tuple[str, dict[str, Any]]]) -> None:
        self._spaces = list(spaces)
        self._cells = _Cells(space for _, space in self._spaces)
        self._before = self._now()

    def _now(self) -> list[Any]:
        if VERSIONS:
            return self._cells.values()
        return [[(n, id(v)) for n, v in space.items()] for _, space in self._spaces]

    def written(self) -> set[str]:
        """Names of those that were written to."""
        now = self._now()
        if now == self._before:
            return set()
        pairs = zip(self._spaces, self._before, now, strict=True)
        return {name for (name, _), before, after in pairs if before != after}


_STR = frozenset([str])
_MRO, _DICT = type.__dict__["__mro__"], type.__dict__["__dict__"]


class _Place:
    """One module or class: its names and the functions and classes behind them."""

    __slots__ = ("kind", "known", "name", "others", "space", "values")

    def __init__(self, name: str, kind: type | None, space: dict[str, Any]) -> None:
        self.name, self.kind, self.space = name, kind, space
        self.values = {k: v for k, v in list(space.items()) if _counts(v, kind is not None)}
        self.others = [(n, id(v)) for n, v in space.items() if n not in self.values]
        self.known = frozenset(n for n in space if n not in self.values) if kind else frozenset()

    def put_back(self) -> list[str]:
        """Undo what was replaced, taken away or (special methods of a class) added; its names."""
        changed: list[str] = []
        if not {*map(type, self.space)} <= _STR:
            # A key with the hash of a name and an equality of its own would be asked below.
            changed.append("__dict__")
            if self.kind is not None:
                return changed
            plain = {name: value for name, value in list(self.space.items()) if type(name) is str}
            self.space.clear()
            self.space.update(plain)
        for name, value in self.values.items():
            if self.space.get(name) is not value:
                changed.append(name)
                self.set(name, value)
        if self.kind is not None:
            for name in [n for n in self.space if n not in self.values and self._hides(n)]:
                changed.append(name)
                type.__delattr__(self.kind, name)
        return changed

    def settled(self) -> bool:
        """Whether something that is no function was set since the last time, as a reason for a
        write that has left no other trace."""
        others = [(n, id(v)) for n, v in self.space.items() if n not in self.values]
        before, self.others = self.others, others
        return before != others

    def _hides(self, name: Any) -> bool:
        """Whether a name that a class was given stands before what it has from its bases."""
        if type(name) is not str or name in self.known:
            return False
        if name[:2] == "__" == name[-2:]:
            return isinstance(self.space[name], types.FunctionType)
        bases = _MRO.__get__(self.kind)[1:]
        return any(name in _DICT.__get__(base) for base in bases)

    def set(self, name: str, value: Any) -> None:
        """Write one name of the place."""
        # By the dictionary and by type itself: a module's class may have been changed.
        if self.kind is None:
            self.space[name] = value
        else:
            type.__setattr__(self.kind, name, value)


def _counts(value: Any, in_class: bool) -> bool:
    if in_class:
        return callable(value) or issubclass(
            type(value), property | classmethod | staticmethod | types.GetSetDescriptorType
        )
    return callable(value) and type(value) is not types.ModuleType


class Originals:
    """What was there when this was made; :meth:`replaced` says what is not there any more."""

    def __init__(self) -> None:
        self._places = list(_places())
        self._own = len(self._places)
        self._cells = _Cells(place.space for place in self._places)
        self._versions = self._cells.values()

    def watch(self, modules: dict[str, types.ModuleType]) -> None:
        """Look at these modules of the grader, too: before anything of a submission runs."""
        del self._places[self._own :]
        self._places += [_Place(name, None, vars(module)) for name, module in modules.items()]
        self._cells = _Cells(place.space for place in self._places)
        self._versions = self._cells.values()

    def _suspects(self) -> Iterator[tuple[_Place, bool]]:
        """Places that were written to since the last look (or may have been: False)."""
        if not VERSIONS:
            core = (p for p in self._places[: self._own] if p.name in _CORE)
            yield from ((place, False) for place in (*core, *self._places[self._own :]))
            return
        now = self._cells.values()
        if now == self._versions:
            return
        for place, before, after in zip(self._places, self._versions, now, strict=True):
            if before != after:
                yield place, True

    def replaced(
        self, own: Callable[[str], bool] = lambda name: False, passing: bool = False
    ) -> list[str]:
        """Names that were replaced since the last look, such as ``time.sleep``; all are put back.

        ``own`` tells names that an observation set itself: they are left as they are. ``passing``
        counts a change that was taken back, too, where nothing else explains it; that gives the
        module's name alone.
        """
        names: list[str] = []
        suspects = list(self._suspects())
        if not suspects:
            return names  # all versions are those of the last look
        for place, written in suspects:
            exact = {*map(type, place.space)} <= _STR
            theirs = {n: v for n, v in place.space.items() if own(n)} if written and exact else {}
            changed = [n for n in place.put_back() if f"{place.name}.{n}" not in STATE]
            for name in [n for n in changed if n in theirs]:
                place.set(name, theirs[name])
                changed.remove(name)
            lent = place in self._places[self._own :]
            names += ["observation" if lent else f"{place.name}.{name}" for name in changed]
            steady = passing and written and not changed and place.name in _STEADY
            if steady and not place.settled():
                names.append(place.name)
        self._versions = self._cells.values()
        return names


def _places() -> Iterator[_Place]:
    seen: set[int] = set()
    for name, module in list(sys.modules.items()):
        own = name.partition(".")[0] in sys.stdlib_module_names and name != "__main__"
        if not (own or name in BESIDE) or not issubclass(type(module), types.ModuleType):
            continue
        space = vars(module)
        if id(space) in seen:
            continue
        seen.add(id(space))
        yield _Place(name, None, space)
        if own and name.partition(".")[0] not in _WITH_CLASSES:
            continue
        for value in list(space.values()):
            if not issubclass(type(value), type) or id(value) in seen:
                continue
            seen.add(id(value))
            flags = type.__dict__["__flags__"].__get__(value)
            if flags & _HEAP_TYPE and not flags & _IMMUTABLE_TYPE:
                for inner in gc.get_referents(value.__dict__):
                    yield _Place(f"{value.__module__}.{value.__qualname__}", value, inner)
