"""What a layout makes of a download: attempts with an owner, and entries with none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from autograder.errors import KataError
from autograder.ingest.tree import Node, Place
from autograder.outline import Exercise


class SubmissionsError(KataError):
    """The path given is unusable; the message says why and what would do."""


@dataclass(frozen=True, slots=True)
class Member:
    """One of a group that handed in together: key, name and address, as far as they are known."""

    student: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Stray:
    """An entry that belongs to no attempt that is read.

    ``look`` says that a person should look at it: it is neither litter nor the source's own.
    ``work`` says that its name is that of code or of an archive.
    """

    path: str
    reason: str
    look: bool = False
    work: bool = False
    student: str = ""


@dataclass(slots=True)
class Part:
    """One entry of an attempt, and where it counts as lying in the submission."""

    node: Node
    inner: str = ""


@dataclass(slots=True)
class Attempt:
    """One attempt of a student. ``student`` is the LMS's id, else the entry's name."""

    student: str
    name: str = ""
    parts: list[Part] = field(default_factory=list)
    when: str = ""
    """Its time as the screen and the lists show it; empty where the download holds none."""

    timed: bool = True
    """Whether ``when`` is a time, and not only its place among several uploads."""

    order: tuple[float | str, ...] = ()
    """Sorts the attempts of one student; the last is the latest."""

    late: bool | None = None
    members: Sequence[Member] = ()
    """Everybody who handed this in; empty where it is one student, who is ``student``."""

    email: str = ""
    alias: str = ""
    """What the entry is called as a whole, where ``student`` is a part of it."""

    refusal: str = ""
    """Why nothing of it is read, where it is not; told to the student."""

    empty: str = ""
    """Why there is nothing to read in it, as a sentence; told to the student."""

    exercises: tuple[Exercise, ...] | None = None
    """What it is read for, where that is less than was asked for."""

    @property
    def places(self) -> list[Place]:
        """Where a reader finds it."""
        return [place for part in self.parts for place in part.node.places(part.inner)]

    @property
    def files(self) -> int:
        return len(self.parts)


@dataclass(slots=True)
class Download:
    """What was recognised: its title, whose attempts it holds, and what is nobody's."""

    layout: str
    title: str
    attempts: list[Attempt] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def stray(self, node: Node, reason: str, student: str = "") -> None:
        """Name an entry that nobody need look at."""
        self.strays.append(Stray(path_of(node), reason, student=student))


def path_of(node: Node) -> str:
    """An entry's path within the download, as it is listed."""
    return node.where or node.name


def problems_of(parts: Iterable[Part]) -> list[tuple[Node, str, str]]:
    """Members of archives that could not be unpacked: each, where it counts as lying, and why."""
    entries = []
    for part in parts:
        if part.node.problem:
            entries.append((part.node, part.inner or part.node.name, part.node.problem))
        if not part.node.within_archive:
            continue
        for node in part.node.walk(100_000):
            if node.problem:
                inner = PurePosixPath(part.inner) / node.inner.relative_to(part.node.inner)
                entries.append((node, str(inner), node.problem))
    return entries
