"""Files that lie beside an answer: which names they may have, and how much there may be of them."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable
from pathlib import PurePosixPath

from autograder.sandbox.inside.profiles import PROFILES

Files = tuple[tuple[str, bytes], ...]
"""Name and bytes of each; a name may have folders in it and is relative to the answer's folder."""

MOST = 60
"""Most files beside one answer."""

FILE_CAP = 1 << 20
"""Most bytes of one file."""

TOGETHER_CAP = 4 << 20
"""Most bytes of all files together."""

_DEEPEST = 6  # folders above a file, and itself
_LONGEST = 100  # characters of one part of a name
_HARMFUL = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/]')
_COMPILED = (".so", ".pyd", ".dll", ".dylib", ".pyc", ".pyo")
_STARTS = frozenset(["__main__", "__init__", "__pycache__", "sitecustomize", "usercustomize"])
_OURS = frozenset(
    ["autograder", "_pytest", "pytest"]
    + [module.partition(".")[0] for modules in PROFILES.values() for module in modules]
)
OWN_PREFIX = "kata_"
"""Modules that a grader puts beside an answer are named so."""


def top(name: str) -> str:
    """The name under which Python would import a file, or something in its folder."""
    first = PurePosixPath(name).parts[0]
    return first.removesuffix(".py")


def is_reserved(module: str) -> bool:
    """Whether a module of this name beside an answer would hide one that something else needs."""
    return module in sys.stdlib_module_names or module in _OURS | _STARTS


def is_compiled(name: str) -> bool:
    """Whether a file of this name is machine code or bytecode."""
    return name.lower().endswith(_COMPILED)


def name_problem(name: str) -> str:
    """Why no file of this name can be put beside an answer; empty where one can."""
    path = PurePosixPath(name)
    parts = path.parts
    if not parts or name != str(path) or path.is_absolute() or ".." in parts or "." in parts:
        return "leads out of its folder"
    if len(parts) > _DEEPEST:
        return f"is more than {_DEEPEST - 1} folders deep"
    if any(len(part) > _LONGEST or _HARMFUL.search(part) for part in parts):
        return "has a name that not every system can store"
    try:
        name.encode()
    except UnicodeEncodeError:
        return "has a name that is not valid text"
    if is_compiled(name) or path.suffix == ".pth":
        return "is not source or data"
    if is_reserved(top(name)) and path.suffix == ".py":
        return "has the name of one of Python's or the grader's modules"
    if top(name).startswith(OWN_PREFIX):
        return f"has a name that begins with {OWN_PREFIX}, which is reserved for checks"
    return ""


def sound(files: Iterable[Iterable[object]]) -> Files:
    """Files as another process names them; ``ValueError`` for what could not be such."""
    pairs: list[tuple[str, bytes]] = []
    for entry in files:
        name, data = entry
        if type(name) is not str or type(data) is not bytes or name_problem(name):
            raise ValueError("a file beside an answer has no possible name")
        pairs.append((name, data))
    sizes = [len(data) for _, data in pairs]
    if len({name for name, _ in pairs}) < len(pairs) or len(pairs) > MOST:
        raise ValueError("too many files beside an answer")
    if max(sizes, default=0) > FILE_CAP or sum(sizes) > TOGETHER_CAP:
        raise ValueError("the files beside an answer are too large")
    return tuple(pairs)


def digest(files: Files) -> str:
    """A digest of these files, in whatever order they come; empty without files."""
    if not files:
        return ""
    whole = hashlib.sha256()
    for name, data in sorted(files):
        whole.update(f"{name}\0{len(data)}\0".encode() + data)
    return whole.hexdigest()


def merged(files: Files, own: Files) -> Files:
    """A student's files and the course's own, which win over those of the same name.

    Names that no file may have are left out once more: the maker of the job may not have checked.
    """
    files = tuple((name, data) for name, data in files if not name_problem(name))
    return (*without(files, [name for name, _ in own]), *own) if own else files


def without(files: Files, names: Iterable[str]) -> Files:
    """``files`` without those of these names, and modules that would be found in their place."""
    names = frozenset(names)
    modules = {top(name) for name in names if name.endswith(".py")}
    return tuple(
        (name, data)
        for name, data in files
        if name not in names and not (name.endswith(".py") and top(name) in modules)
    )


def sources(files: Files) -> Files:
    """Those that are Python's."""
    return tuple((name, data) for name, data in files if name.endswith(".py"))
