"""``kata-student``: the wheel that a class gets, without solutions, hidden checks and bugs.

It has the engine that `kata` needs and no course: the bundle beside it is the course. It is put
together from the files of this installation, so that it fits the bundle that it comes with.
"""

from __future__ import annotations

from pathlib import Path

from autograder.authoring.packed_wheel import Wheel, WheelError

__all__ = ["FOLDER", "NAME", "WheelError", "file_name", "write"]

NAME = "kata-student"
FOLDER = "wheels"
_LEFT_OUT = ("graders", "_course", "gradebook", "commands", "cli.py")
_OF_AUTHORING = ("__init__.py", "pictures.py")
"""What lessons import when they are run."""


def _holds(within: Path) -> bool:
    if within.parts[0] == "authoring":
        return len(within.parts) == 2 and within.name in _OF_AUTHORING
    return within.parts[0] not in _LEFT_OUT


_WHEEL = Wheel(
    NAME,
    "Kata for the students of a class: checks, hints and lessons, no solutions",
    {"kata": "autograder.kata.cli:main"},
    ("course", "notebook"),
    _holds,
    "pip install it, or pass --no-wheel.",
)


def file_name() -> str:
    """The name of the wheel's file."""
    return _WHEEL.file_name


def write(folder: Path) -> Path:
    """Write the wheel into ``folder``, which is made if need be; returns its path. Raises
    :class:`WheelError` where this installation does not know what the engine needs."""
    data = _WHEEL.data()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file_name()
    path.write_bytes(data)
    return path
