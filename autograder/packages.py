"""Whether the packages that a course needs are installed, and the fix if they are not."""

from __future__ import annotations

import importlib.util
import os
import site
import sys
from collections.abc import Iterable
from importlib.machinery import ModuleSpec

from autograder.outline import Exercise


def missing(exercises: Iterable[Exercise]) -> str:
    """The first package that one of these needs and that is not installed, with the fix; or empty.

    Nothing is imported.
    """
    for exercise in exercises:
        for name in exercise.packages:
            spec = _spec(name)
            words = f"exercise {exercise.id!r} needs {name!r}, which"
            if spec is None:
                return (
                    f"{words} is not installed for {sys.executable}: install the package that "
                    f"`import {name}` comes from (`pip install {name}`, if that is its name), or "
                    "correct `needs` in outline.toml"
                )
            place = spec.origin or ""
            if site.ENABLE_USER_SITE and place.startswith(f"{site.getusersitepackages()}{os.sep}"):
                return (
                    f"{words} is installed for you only ({place}), where a sandbox does not look: "
                    f"install it for {sys.prefix}"
                )
    return ""


def _spec(name: str) -> ModuleSpec | None:
    try:
        return importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
