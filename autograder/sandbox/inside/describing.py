"""An exception as data, without running any of the student's code.

A class of the student's may have properties for everything that an exception has, so attributes
are read as Python's own classes have them. Of texts only exact ``str`` are compared: a subclass
would be asked, by its own methods.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from autograder.sandbox.inside.bare import BUILTINS as __builtins__  # type: ignore # noqa: F401

_SHOWN_FRAMES = 12


def _attribute(error: BaseException, kind: type, name: str) -> Any:
    """An attribute as ``kind`` has it, whatever the student's class makes of it."""
    try:
        return kind.__dict__[name].__get__(error)
    except AttributeError:
        return None


_NAME = type.__dict__["__name__"]


def describe(
    error: BaseException, message: str, module_file: str, beside: dict[str, str] | None = None
) -> dict[str, Any]:
    """An exception as data: type, message and the student's own frames.

    ``beside`` names the student's other files by their paths: a frame of theirs has that name as a
    third part. None of the student's code runs here: ``message`` was made before.
    """
    kind, beside = type(error), beside or {}
    frames = []
    traceback = _attribute(error, BaseException, "__traceback__")
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if type(code.co_filename) is str and type(code.co_name) is str:
            if code.co_filename == module_file:
                frames.append([traceback.tb_lineno, code.co_name[:80]])
            elif code.co_filename in beside:
                name = beside[code.co_filename]
                frames.append([traceback.tb_lineno, code.co_name[:80], name])
        traceback = traceback.tb_next
    if issubclass(kind, SyntaxError):
        file, line = (_attribute(error, SyntaxError, n) for n in ("filename", "lineno"))
        if type(file) is str and type(line) is int and line:
            if file == module_file:
                frames.append([line, "<module>"])
            elif file in beside:
                frames.append([line, "<module>", beside[file]])
    missing = None
    if issubclass(kind, AttributeError):
        owner, name = (_attribute(error, AttributeError, n) for n in ("obj", "name"))
        if type(owner) is ModuleType and type(name) is str:
            missing = name[:200]
    name = _NAME.__get__(kind)
    return {
        "type": name[:100] if type(name) is str else "?",
        "message": message if type(message) is str else "",
        "frames": frames[-_SHOWN_FRAMES:],
        "missing": missing,
    }
