"""Whether the packages that a course needs are installed, and the fix if they are not."""

from __future__ import annotations

import importlib.util
import os
import site
import sys
from collections.abc import Iterable
from importlib.machinery import ModuleSpec

from autograder.machine import CAPABILITIES
from autograder.outline import Exercise

COURSE = ("torch", "aiohttp", "matplotlib")
"""What ``pip install kata-course`` adds to the engine: exercises and lessons need it, grading does
not (``docs/decisions/0021-engine-and-course.md``)."""

COURSE_FIX = "pip install kata-course"
"""The command that installs these."""


def missing(exercises: Iterable[Exercise]) -> str:
    """The first package that one of these needs and that is not installed, with the fix; or empty.

    Nothing is imported.
    """
    for exercise in exercises:
        for name in exercise.needs:
            if name in CAPABILITIES:
                continue
            spec = _spec(name.partition(".")[0])  # to look within a package is to import it
            words = f"exercise {exercise.id!r} needs {name!r}, which"
            if spec is None:
                return f"{words} is not installed for {sys.executable}: {_fix(name)}"
            place = spec.origin or "" if name in exercise.packages else ""
            if site.ENABLE_USER_SITE and place.startswith(f"{site.getusersitepackages()}{os.sep}"):
                return (
                    f"{words} is installed for you only ({place}), where a sandbox does not look: "
                    f"install it for {sys.prefix}"
                )
    return ""


def _fix(name: str) -> str:
    if name in COURSE:
        return f"`{COURSE_FIX}`, or `pip install {name}`, or choose exercises that do without it"
    return (
        f"install the package that `import {name}` comes from (`pip install {name}`, if that is "
        "its name), or correct `needs` in outline.toml"
    )


def _spec(name: str) -> ModuleSpec | None:
    try:
        return importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
