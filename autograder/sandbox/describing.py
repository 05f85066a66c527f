"""An exception as data, without running any of the student's code.

A class of the student's may have properties for everything that an exception has, so attributes
are read as Python's own classes have them.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from autograder.sandbox.bare import BUILTINS as __builtins__  # type: ignore # noqa: F401

_SHOWN_FRAMES = 12


def _attribute(error: BaseException, kind: type, name: str) -> Any:
    """An attribute as ``kind`` has it, whatever the student's class makes of it."""
    try:
        return kind.__dict__[name].__get__(error)
    except AttributeError:
        return None


_NAME = type.__dict__["__name__"]


def _same_text(value: Any, text: str) -> bool:
    """Equal and an exact str: a subclass would be asked, by its own methods."""
    return type(value) is str and value == text


def describe(error: BaseException, message: str, module_file: str) -> dict[str, Any]:
    """An exception as data: type, message and the student's own frames.

    None of the student's code runs here: ``message`` was made before.
    """
    kind = type(error)
    frames = []
    traceback = _attribute(error, BaseException, "__traceback__")
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if _same_text(code.co_filename, module_file) and type(code.co_name) is str:
            frames.append([traceback.tb_lineno, code.co_name[:80]])
        traceback = traceback.tb_next
    if issubclass(kind, SyntaxError) and _same_text(
        _attribute(error, SyntaxError, "filename"), module_file
    ):
        line = _attribute(error, SyntaxError, "lineno")
        frames += [[line, "<module>"]] if type(line) is int and line else []
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
