"""A lazy tree of names: of a folder, or of an archive that a reader has listed.

Nothing is opened here. A folder is listed when its contents are asked for, and an archive
when a layout wants to look into it; the bytes of both are for readers.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import Any

ENTRIES_CAP = 100_000
"""Most entries that are listed of one folder."""

DEPTH_CAP = 40
"""Most folders, one in another, of an archive."""

Place = tuple[str, str]
"""Where it really lies, and where it counts as lying in the submission ("" for all of it)."""


class Kind(StrEnum):
    """What an entry is."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "symbolic link"
    OTHER = "neither a file nor a folder"


@dataclass(slots=True, eq=False)
class Node:
    """One entry. ``where`` is its path within the download, "" for the download itself.

    A class has many: what can be told from other fields is no field of its own.
    """

    name: str
    where: str
    kind: Kind
    root: str = ""
    """Where the download lies; empty within an archive."""

    unpacked: str = ""
    """Where a file of an archive was unpacked to."""

    time: float = 0.0
    """Seconds since 1970 of its last change; 0 where that is not known."""

    problem: str = ""
    """Why a member of an archive cannot be taken; it ends the sentence "NAME ..."."""

    cut: bool = False
    """Whether it holds more entries than are listed."""

    error: str = ""
    """Why a folder cannot be listed."""

    _listed: list[Node] | None = field(default=None, repr=False)
    _folded: tuple[Any, ...] = field(default=(), repr=False)
    """Name, kind and time of each file in it, where it is folded."""

    @property
    def inner(self) -> PurePosixPath:
        """Its path within the download."""
        return PurePosixPath(self.where)

    @property
    def path(self) -> str:
        """Where it really lies; empty for a folder within an archive, which lies nowhere."""
        if not self.root or not self.where:
            return self.root or self.unpacked
        return os.path.join(self.root, self.where)  # noqa: PTH118 - names may be any bytes

    @property
    def is_folder(self) -> bool:
        return self.kind is Kind.FOLDER

    @property
    def is_file(self) -> bool:
        return self.kind is Kind.FILE

    @property
    def within_archive(self) -> bool:
        """Whether it is a folder that is nowhere on this machine's disk."""
        return self.is_folder and not self.path

    def children(self) -> Sequence[Node]:
        """What lies in it, by name; nothing for what is not a folder or cannot be listed."""
        listed = self._listed
        if listed is None:
            listed = self._scanned() if self.is_folder and self.path else []
            self._listed = listed
            if 0 < len(listed) <= _SMALL and not any(node.is_folder for node in listed):
                _small.append(self)
                if len(_small) > _KEPT:
                    _small.popleft()._fold()
        return listed

    def _fold(self) -> None:
        """Keep what was listed as plain values: thousands of folders have a few files each."""
        if self._listed is not None:
            each = ((sys.intern(node.name), node.kind, node.time) for node in self._listed)
            self._folded = tuple(chain.from_iterable(each))
            self._listed = None

    def _scanned(self) -> list[Node]:
        if self._folded:
            names, kinds, times = (self._folded[n::3] for n in range(3))
            return list(map(self._child, names, kinds, times))
        try:
            with os.scandir(self.path) as entries:
                nodes = [self._of_entry(e) for e in islice(entries, ENTRIES_CAP + 1)]
        except OSError as error:
            self.error = error.strerror or str(error)
            return []
        self.cut = len(nodes) > ENTRIES_CAP
        del nodes[ENTRIES_CAP:]
        return sorted(nodes, key=lambda node: node.name)

    def _of_entry(self, entry: os.DirEntry[str]) -> Node:
        time = 0.0
        try:
            if entry.is_symlink():
                kind = Kind.LINK
            elif entry.is_dir(follow_symlinks=False):
                kind = Kind.FOLDER
            else:
                kind = Kind.FILE if entry.is_file(follow_symlinks=False) else Kind.OTHER
            time = entry.stat(follow_symlinks=False).st_mtime
        except OSError:
            kind = Kind.OTHER
        return self._child(entry.name, kind, time)

    def _child(self, name: str, kind: Kind, time: float) -> Node:
        return Node(name, _below(self.where, name), kind, self.root, time=time)

    def walk(self, budget: int, skipped: frozenset[str] = frozenset()) -> Iterator[Node]:
        """Every entry below it, folders before what they hold, up to ``budget`` of them.

        What lies in a folder named in ``skipped`` is left out.
        """
        pending = [self]
        while pending and budget > 0:
            for child in pending.pop().children():
                budget -= 1
                if budget < 0:
                    return
                yield child
                if child.is_folder and child.name not in skipped:
                    pending.append(child)

    def places(self, inner: str) -> list[Place]:
        """The places to read it from, where it counts as lying at ``inner``."""
        if not self.within_archive:
            return [(self.path, inner)]
        base = PurePosixPath(inner)
        return [
            (node.path, str(base / node.inner.relative_to(self.inner)))
            for node in self.walk(ENTRIES_CAP)
            if node.path and not node.problem
        ]

    def newest(self, budget: int = 2000) -> float:
        """The time of the newest file in it, or its own."""
        if not self.is_folder:
            return self.time
        return max((n.time for n in self.walk(budget) if n.is_file), default=self.time)


_SMALL, _KEPT = 64, 256
"""Most files of a folder that is folded, and how many such folders are not yet."""

_small: deque[Node] = deque()


def _below(where: str, name: str) -> str:
    return f"{where}/{name}" if where else name


def on_disk(path: str) -> Node:
    """The tree of a folder, or a single file, by its path."""
    path = os.path.abspath(path)  # noqa: PTH100 - a reader may run elsewhere; links stay links
    status = os.stat(path)  # noqa: PTH116
    name = os.path.basename(os.path.realpath(path))  # noqa: PTH119 - the name may be any bytes
    kind = Kind.FOLDER if os.path.isdir(path) else Kind.FILE  # noqa: PTH112
    return Node(name, "", kind, path, time=status.st_mtime)


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive as a reader lists it; ``path`` is empty while it lies in there."""

    name: str
    path: str = ""
    size: int = 0
    time: float = 0.0
    problem: str = ""
    folder: bool = False


def of_members(name: str, members: Iterable[Member], where: str) -> Node:
    """The tree of an archive called ``name`` that lies at ``where``, from its list of members.

    Of a member that is listed twice the last counts, as where it is unpacked.
    """
    root = Node(name, where, Kind.FOLDER, _listed=[])
    folders: dict[str, dict[str, Node]] = {"": {}}
    nodes = {"": root}
    known: dict[str, list[str]] = {}
    for member in members:
        raw = [p for p in member.name.split("/") if p not in ("", ".")][:DEPTH_CAP]
        parts = [unicodedata.normalize("NFC", p) for p in raw]
        spelled = known.setdefault("/".join(parts), raw)
        if spelled != raw:  # two members that differ in the way of writing only are two
            parts = raw
        if parts:
            _put(nodes, folders, root, parts, member)
    for place, held in folders.items():
        nodes[place]._listed = sorted(held.values(), key=lambda node: node.name)
    return root


def _put(
    nodes: dict[str, Node],
    folders: dict[str, dict[str, Node]],
    root: Node,
    parts: list[str],
    member: Member,
) -> None:
    at = ""
    for part in parts if member.folder else parts[:-1]:
        held = folders[at]
        at = _below(at, part)
        if at not in folders:
            nodes[at] = held[part] = Node(part, _below(root.where, at), Kind.FOLDER, _listed=[])
            folders[at] = {}
    if member.folder:
        return
    place = _below(at, parts[-1])
    if place not in folders:  # a folder of the same name stays
        folders[at][parts[-1]] = Node(
            parts[-1],
            _below(root.where, place),
            Kind.FILE,
            unpacked=member.path,
            time=member.time,
            problem=member.problem,
        )
