"""The one interface of all layouts, and what several of them need."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from autograder.ingest import entry_names
from autograder.ingest.attempts import Attempt, Download, Part, Stray, path_of
from autograder.ingest.entry_names import CourseNames
from autograder.ingest.tree import Node


class Layout(Protocol):
    """How one source lays a class out.

    You provide the three texts and :meth:`recognise`; you get a tree of names and may look as
    deep into it as you like. Nothing of a submission can be opened.
    """

    name: str
    """For ``--from``."""

    title: str
    """Begins the line that says what was recognised: "Canvas download"."""

    rule: str
    """What its entries look like, for a message that says what was looked for."""

    def recognise(self, tree: Node, names: CourseNames, helper: Helper) -> Download | None:
        """The attempts in ``tree``, or None where this is another source's."""
        ...


class Helper(Protocol):
    """What a layout can have read for it, by a reader."""

    forced: bool
    """Whether the layout was asked for, and chance resemblances need not be feared."""

    def read(self, task: str, path: str) -> Any:
        """The value of a reader's task on a file; None where it cannot be had."""
        ...

    def opened(self, archive: Node, *, unpack: bool, needed: bool = True) -> Node | None:
        """The tree of an archive: a list of names, or unpacked; None where it cannot be opened.

        ``needed`` says that there is no run without it.
        """
        ...


def sorted_out(
    download: Download,
    entries: Iterable[Node],
    taken: Callable[[Node], bool],
    helper: Helper,
    litter: Callable[[str], str] = lambda name: "",
) -> int:
    """Hand each entry to ``taken``; what it does not take is a stray with a reason.

    An archive among them may be the rest of the download. ``litter`` names what the source itself
    adds. Returns how many were taken.
    """
    count = 0
    for node in entries:
        reason = entry_names.litter(node.name, folder=node.is_folder) or litter(node.name)
        if reason:
            download.stray(node, reason)
            continue
        matches = 1 if taken(node) else _in_archive(download, node, taken, helper)
        count += matches
        if not matches:
            stray(download, node, f"not named like the entries of this {download.title}")
    return count


def _in_archive(
    download: Download, node: Node, taken: Callable[[Node], bool], helper: Helper
) -> int:
    """How many entries of an archive are taken; what is left of it is named then."""
    if not (node.is_file and node.path and entry_names.is_archive(node.name)):
        return 0
    tree = helper.opened(node, unpack=True, needed=False)
    left: list[Node] = []
    count = 0
    for child in tree.children() if tree else ():
        if taken(child):
            count += 1
        else:
            left.append(child)
    for child in left if count else ():
        stray(download, child, f"not named like the entries of this {download.title}")
    return count


def stray(download: Download, node: Node, reason: str, *, look: bool = True) -> None:
    """Name an entry that nobody claims, for a person to look at, unless it is litter."""
    if litter := entry_names.litter(node.name, folder=node.is_folder):
        download.stray(node, litter)
        return
    if entry_names.is_unopened(node.name) and node.is_file:
        reason = "archives of this kind are not opened: unpack it, and grade the folder"
    work = may_be_work(node)
    download.strays.append(Stray(path_of(node), node.problem or reason, look=look, work=work))


def outnumbered(download: Download, count: int, helper: Helper) -> bool:
    """Whether more of a download's entries may be students' work than have this layout."""
    return not helper.forced and count < sum(stray.work for stray in download.strays)


def may_be_work(node: Node) -> bool:
    """Whether an entry may hold a student's answers."""
    if node.is_folder:
        return any(may_be_work(n) for n in node.walk(2000, entry_names.NO_LOOK) if n.is_file)
    return entry_names.is_archive(node.name) or entry_names.is_code(node.name)


def significant(nodes: Sequence[Node]) -> list[Node]:
    """Entries that could be a student's work or hold it: no litter, no papers."""
    mine = [n for n in nodes if not entry_names.litter(n.name, folder=n.is_folder)]
    return [n for n in mine if n.is_folder or n.problem or may_be_work(n)]


def rounds(attempt: Attempt, versions: Mapping[str, Sequence[Node]]) -> list[Attempt]:
    """The files of one student as attempts: the last has the last version of each.

    ``versions`` has, for each place in the submission, what was handed in there, in order. What
    was handed in once is part of every attempt.
    """
    count = max(map(len, versions.values()))
    tries = []
    for number in range(count):
        one = replace(attempt, parts=[], order=(*attempt.order, float(number)))
        one.when = f"upload {number + 1} of {count}" if count > 1 else attempt.when
        one.timed = count == 1
        for inner, nodes in versions.items():
            one.parts.append(Part(nodes[max(0, len(nodes) - count + number)], inner))
        tries.append(one)
    return tries


def common_start(texts: Iterable[str]) -> str:
    """The characters that all of some texts begin with."""
    least, most = min(texts := list(texts)), max(texts)
    same = (n for n, (a, b) in enumerate(zip(least, most, strict=False)) if a != b)
    return least[: next(same, min(len(least), len(most)))]


def shown_time(seconds: float) -> str:
    """A file's time as the lists show it; empty for none."""
    if not seconds:
        return ""
    return sys.intern(datetime.datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M"))
