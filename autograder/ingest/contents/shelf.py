"""What lies around an answer, by name; a file is read only when it is asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Protocol

from autograder.ingest.contents.files import SourceFile, read_file

FILE, FOLDER, OTHER = "file", "folder", "other"
_IGNORED = frozenset(
    ["__pycache__", "__MACOSX", ".git", ".ipynb_checkpoints", ".venv", "node_modules", ".kata"]
)
_MOST_ENTRIES = 5_000  # of one folder that are looked at


class Shelf(Protocol):
    """A tree of files with the answer somewhere in it."""

    def entries(self, folder: PurePosixPath) -> Mapping[str, str]:
        """Name and kind of what lies in a folder; empty if it is not a folder."""

    def read(self, path: PurePosixPath) -> SourceFile:
        """One file, or what is wrong with it."""


class Names:
    """Files whose names are known, each read by ``read`` when it is wanted."""

    def __init__(
        self, paths: Iterable[PurePosixPath], read: Callable[[PurePosixPath], SourceFile]
    ) -> None:
        self._folders: dict[PurePosixPath, dict[str, str]] = {}
        for path in paths:
            if not _IGNORED.isdisjoint(path.parts):
                continue
            self._folders.setdefault(path.parent, {})[path.name] = FILE
            for folder in path.parents[:-1]:
                self._folders.setdefault(folder.parent, {})[folder.name] = FOLDER
        self._read = read

    def entries(self, folder: PurePosixPath) -> Mapping[str, str]:
        return self._folders.get(folder, {})

    def read(self, path: PurePosixPath) -> SourceFile:
        return self._read(path)


class Disk:
    """The files of a folder on this machine: a student's own, when they check their work."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen: dict[PurePosixPath, dict[str, str]] = {}

    def entries(self, folder: PurePosixPath) -> Mapping[str, str]:
        if folder not in self._seen:
            # A folder that is reached through a link is not theirs.
            real = not folder.parts or self.entries(folder.parent).get(folder.name) == FOLDER
            self._seen[folder] = dict(self._listed(self._root / folder)) if real else {}
        return self._seen[folder]

    @staticmethod
    def _listed(folder: Path) -> Iterable[tuple[str, str]]:
        try:
            with os.scandir(folder) as entries:
                for entry in islice(entries, _MOST_ENTRIES):
                    if entry.name in _IGNORED:
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        yield entry.name, FOLDER
                    else:
                        yield entry.name, FILE if entry.is_file(follow_symlinks=False) else OTHER
        except OSError:
            return

    def read(self, path: PurePosixPath) -> SourceFile:
        return read_file(self._root / path, path)


class Overlaid:
    """A shelf with files laid over it: those that a notebook's own cells write."""

    def __init__(self, below: Shelf, over: Mapping[PurePosixPath, bytes]) -> None:
        self._below, self._over = below, over
        self._names = Names(over, lambda path: SourceFile(path, over[path]))

    def entries(self, folder: PurePosixPath) -> Mapping[str, str]:
        return {**self._below.entries(folder), **self._names.entries(folder)}

    def read(self, path: PurePosixPath) -> SourceFile:
        return self._names.read(path) if path in self._over else self._below.read(path)
