"""Signs that a submission looks at what is around it, for a person to look at in turn.

An audit hook (PEP 578) notes the first time that the student's own code reads frames, walks the
collector's objects, calls into C, or opens the process's memory. None of this is forbidden, and a
right answer may do it: a note takes no points, it says which line is worth a look.
"""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Callable
from sys import addaudithook
from types import FunctionType
from typing import Any

from autograder.sandbox.inside.bare import BUILTINS as __builtins__  # type: ignore # noqa: F401

MOST = 20
"""Notes kept of one worker."""

_FRAMES = "reads the frames of its callers"
_OBJECTS = "walks through the objects of the whole process"
_C = "calls into C through ctypes"
_TRACE = "traces what runs around it"
_CODE = "changes the code of a function that is not its own"

_WATCHED = {
    "sys._getframe": _FRAMES,
    "sys._getframemodulename": "",
    "gc.get_objects": _OBJECTS,
    "gc.get_referrers": _OBJECTS,
    "gc.get_referents": _OBJECTS,
    "ctypes.dlopen": _C,
    "ctypes.dlsym": _C,
    "ctypes.string_at": _C,
    "ctypes.wstring_at": _C,
    "ctypes.cdata": _C,
    "ctypes.call_function": _C,
    "sys.settrace": _TRACE,
    "sys.setprofile": _TRACE,
    "object.__setattr__": "",
    "object.__getattr__": "",
    "open": "",
}
_THROUGH = ("inspect.py", "ctypes/__init__.py")
"""Library files that only pass a request on: the caller's caller is looked at."""
_MEMORY = ("/mem", "/fd", "/maps", "/smaps", "/pagemap", "/syscall")


def _library() -> tuple[str, ...]:
    """Beginnings of the names of files that are not the student's."""
    paths = sysconfig.get_paths()
    names = {paths[key] for key in ("stdlib", "platstdlib", "purelib", "platlib") if key in paths}
    packages = (m for n in ("numpy", "torch", "msgpack") if (m := sys.modules.get(n)) is not None)
    names |= {str(m.__file__).rpartition("/")[0] for m in packages if m.__file__}
    return (*sorted(names), __file__.rpartition("/")[0], "<frozen")


class Notices:
    """What was noticed so far. Made once, in the zygote: a hook cannot be taken away again."""

    def __init__(self) -> None:
        self._found: list[list[Any]] = []
        self._file = [""]
        self._seen: set[str] = set()
        self._own: list[int] = []
        self._exchanged: list[tuple[Any, str, Any]] = []
        addaudithook(self._hook(_library()))

    def watch(self, module_file: str) -> None:
        """Begin to watch, for a module that is loaded from ``module_file``."""
        self._file[0] = module_file
        self._found.clear()
        self._seen.clear()

    def news(self) -> list[list[Any]]:
        """``[line, words]`` of what was noticed since the last call; line 0 where it is not one
        of the student's file."""
        new = self._found[:]
        self._found.clear()
        self._seen.clear()  # what was seen while it loaded may be seen again when it runs
        return new

    def restore(self) -> None:
        """Give functions of Python's own back what they were made of."""
        while self._exchanged:
            function, name, value = self._exchanged.pop()
            _SETTERS[name](function, value)

    def beside(self, *spaces: dict[str, Any]) -> None:
        """Code with these globals is the grader's: what it does is no sign."""
        self._own[:] = map(id, spaces)

    def _hook(self, library: tuple[str, ...]) -> Callable[[str, tuple[Any, ...]], None]:
        module_file, found, seen, own = self._file, self._found, self._seen, self._own
        busy: list[bool] = []

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            if event not in _WATCHED or not module_file[0] or busy:
                return
            busy.append(True)  # what is looked at below raises events, too
            try:
                words = _WATCHED[event] or _special(event, arguments)
                if event == "object.__setattr__" and words:
                    words = self._exchange(arguments, library)
                if not words or words in seen or len(seen) >= MOST:
                    return
                raise _Here
            except _Here as error:
                here = error.__traceback__
                frame = here.tb_frame.f_back if here is not None else None
                while frame is not None and frame.f_code.co_filename.endswith(_THROUGH):
                    frame = frame.f_back
                if words != _CODE and (
                    frame is None
                    or frame.f_code.co_filename.startswith(library)
                    or id(frame.f_globals) in own
                ):
                    return
                seen.add(words)
                while frame is not None and frame.f_code.co_filename != module_file[0]:
                    frame = frame.f_back
                found.append([frame.f_lineno or 0 if frame is not None else 0, words])
            finally:
                busy.clear()

        return hook

    def _exchange(self, arguments: tuple[Any, ...], library: tuple[str, ...]) -> str:
        """Note what a function of Python's own is about to lose, no matter who takes it."""
        function, name = arguments[0], arguments[1]
        code = _GETTERS["__code__"](function) if type(function) is FunctionType else None
        if code is None or not _pythons(code.co_filename, library):
            return ""
        self._exchanged.append((function, name, _GETTERS[name](function)))
        return _CODE


def _pythons(file: str, library: tuple[str, ...]) -> bool:
    """Whether it is a file of the standard library: torch exchanges code of its own."""
    packages = "site-packages" in file or "dist-packages" in file
    return file.startswith(library) and not packages


_PARTS = ("__code__", "__defaults__", "__kwdefaults__")
_GETTERS = {name: FunctionType.__dict__[name].__get__ for name in _PARTS}
_SETTERS = {name: FunctionType.__dict__[name].__set__ for name in _PARTS}


class _Here(Exception):
    pass


def _special(event: str, arguments: tuple[Any, ...]) -> str:
    """Words for an event that counts with some arguments only; empty otherwise."""
    if event == "open":
        path = arguments[0]
        if type(path) is str and path.startswith("/proc/") and path.endswith(_MEMORY):
            return "opens the memory of a process"
        return "uses a connection that it did not open" if type(path) is int and path == 3 else ""
    if len(arguments) < 2 or type(arguments[1]) is not str:
        return ""
    if event == "object.__getattr__":
        return _FRAMES if arguments[1] in ("tb_frame", "gi_frame", "cr_frame", "ag_frame") else ""
    if event == "object.__setattr__" and arguments[1] in _PARTS:
        return _CODE
    return ""
