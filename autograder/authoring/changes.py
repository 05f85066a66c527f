"""Files to write together: all of them, or none."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import KataError
from autograder.text.atomic import replacing


class ChangesError(KataError):
    """Nothing was written; the message names the file and says why."""


def read(path: Path) -> str:
    """A file as it is, its line endings included; :class:`ChangesError` where it cannot be read."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        words = getattr(error, "strerror", None) or error
        raise ChangesError(f"{path} cannot be read: {words}; nothing was changed") from None


@dataclass(slots=True)
class Changes:
    """``new`` files, none of which may be there yet, and files that are ``edited``, by their text.

    What is edited keeps its mode, and its place where a link leads to it.
    """

    new: dict[Path, str] = field(default_factory=dict)
    edited: dict[Path, str] = field(default_factory=dict)

    def write(self) -> list[Path]:
        """Write them; returns their paths. :class:`ChangesError` where one of them cannot be
        written: then everything is as it was before."""
        for path in self.new:
            if os.path.lexists(path):
                raise ChangesError(f"{path} is there already, and nothing is overwritten")
        created: list[Path] = []
        before: dict[Path, str] = {}
        path = Path()
        try:
            for path, text in self.new.items():
                _create(path, text, created)
            for path, text in self.edited.items():
                before[path] = read(path)
                _replace(path, text)
        except BaseException as error:
            for edited, text in before.items():
                with contextlib.suppress(OSError):
                    _replace(edited, text)
            _remove(created)
            if isinstance(error, OSError | UnicodeError):
                words = getattr(error, "strerror", None) or error
                place = getattr(error, "filename", None) or path
                raise ChangesError(
                    f"{place} cannot be written: {words}; nothing was changed"
                ) from None
            raise
        return [*self.new, *self.edited]


def _create(path: Path, text: str, created: list[Path]) -> None:
    """Write a new file, and the folders that it needs; notes all of them in ``created``."""
    for folder in reversed(path.parents):
        if not folder.is_dir():
            folder.mkdir()
            created.append(folder)
    with open(path, "x", encoding="utf-8", newline="") as file:
        created.append(path)
        file.write(text)


def _replace(path: Path, text: str) -> None:
    path = path.resolve()
    mode = path.stat().st_mode
    with replacing(path, newline="") as file:
        file.write(text)
    path.chmod(mode)


def _remove(created: list[Path]) -> None:
    for path in reversed(created):
        with contextlib.suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()
