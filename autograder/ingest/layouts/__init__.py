"""Where a class comes from: one small recogniser per source, tried in order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.ingest import entry_names
from autograder.ingest.attempts import Attempt, Download, Part
from autograder.ingest.entry_names import CourseNames, name_of
from autograder.ingest.layouts import evidence, sections
from autograder.ingest.layouts.base import Helper, Layout, significant, stray
from autograder.ingest.layouts.blackboard import Blackboard
from autograder.ingest.layouts.brightspace import Brightspace
from autograder.ingest.layouts.canvas import Canvas
from autograder.ingest.layouts.classroom import Classroom
from autograder.ingest.layouts.folders import Folders
from autograder.ingest.layouts.gradescope import Gradescope
from autograder.ingest.layouts.moodle import Moodle
from autograder.ingest.layouts.nbgrader import Nbgrader
from autograder.ingest.layouts.sections import Sections
from autograder.ingest.layouts.single import Single
from autograder.ingest.tree import Node

NAMED: tuple[Layout, ...] = (
    Canvas(),
    Moodle(),
    Blackboard(),
    Brightspace(),
    Gradescope(),
    Nbgrader(),
    Classroom(),
)
"""Layouts that are known by the names in them."""

_SIDE_BY_SIDE = NAMED[:5]
"""Those whose names are not met by chance, so that several downloads may lie in one folder."""

PLAIN: tuple[Layout, ...] = (Folders(), Single())
"""Layouts that anything may be; which one is decided by :mod:`.evidence`."""

CHOICES = tuple(layout.name for layout in (*NAMED, *PLAIN))
"""What ``--from`` takes."""

_LEVELS_CAP = 12
_WRAPPER = re.compile(r"(?i).*(export|submissions?|downloads?)([ _-]?\d*)?")
_CLASS = re.compile(r"(?i).*(exports?|submissions|downloads)([ _-]?\(?\d*\)?)?")


@dataclass(frozen=True, slots=True)
class Level:
    """A folder on the way from what was given to the students; ``archive`` is what it was in."""

    node: Node
    archive: Node | None
    unpacked: bool


def rule_of(name: str) -> str:
    """What the entries of a layout look like."""
    return next(layout.rule for layout in (*NAMED, *PLAIN) if layout.name == name)


def recognise(root: Node, names: CourseNames, helper: Helper, source: str = "") -> Download | None:
    """Whose attempts a download holds; ``source`` forces a layout. None where nothing fits."""
    levels = _levels(root, helper, unpack=False)
    match = _recognised(levels, names, helper, source)
    if match and match[0].layout != Single.name and match[1].archive and not match[1].unpacked:
        levels = _levels(root, helper, unpack=True)
        match = _recognised(levels, names, helper, source) or match
    if match is None:
        return None
    download, level = match
    if download.layout == Single.name and level.archive is not None:
        download = _as_one(root, download)
    _say_steps(download, levels, level)
    return download


def _recognised(
    levels: list[Level], names: CourseNames, helper: Helper, source: str
) -> tuple[Download, Level] | None:
    """The layout and the level that it was found at."""
    for layout in NAMED:
        for level in levels if source in ("", layout.name) else ():
            download = layout.recognise(level.node, names, helper)
            if download:
                return download, level
    for level in levels:
        wanted = [layout for layout in _SIDE_BY_SIDE if source in ("", layout.name)]
        download = sections.downloads(wanted, level.node, names, helper)
        if not download and source != Single.name:
            download = sections.archives(wanted, level.node, names, helper)
        if download:
            return download, level
    if source not in ("", *(layout.name for layout in PLAIN)):
        return None
    level = levels[0]
    if source != Single.name:
        for number, each in enumerate(levels):
            for layout in (Sections(), Folders()):
                several = evidence.are_several(each.node, names, nested=number > 0)
                if layout.name != Folders.name or several:
                    download = layout.recognise(each.node, names, helper)
                    if download:
                        return download, each
        level = _of_a_class(levels) or _past_wrappers(levels)
    alone = evidence.is_alone(level.node, names) or (
        level.archive is not None and _of_a_class(levels) is None
    )
    if source == Single.name or (alone and not source):
        single = Single().recognise(level.node, names, helper)
        return (single, level) if single else None
    download = Folders().recognise(level.node, names, helper)
    return (download, level) if download else None


def _of_a_class(levels: list[Level]) -> Level | None:
    """The level of several entries, answered or not, in an archive called like a class's."""
    named = False
    for level in levels:
        named = named or _CLASS.fullmatch(level.node.name) is not None
        inside = [
            n
            for n in significant(level.node.children())
            if n.is_folder or entry_names.is_archive(n.name)
        ]
        if named and level.archive is not None and len(inside) > 1:
            return level if sum(not evidence.is_part(n) for n in inside) > 1 else None
    return None


def _past_wrappers(levels: list[Level]) -> Level:
    """The level of a class of one: past folders that are called like an export."""
    at = 0
    while at + 1 < len(levels) and levels[at + 1].archive is None:
        if not _WRAPPER.fullmatch(levels[at + 1].node.name):
            break
        at += 1
    return levels[at]


def _levels(root: Node, helper: Helper, *, unpack: bool) -> list[Level]:
    """What was given, and what lies alone in it, and so on: wrappers too many."""
    levels: list[Level] = []
    node, archive, unpacked = root, None, False
    while len(levels) < _LEVELS_CAP:
        if not node.is_folder:
            if not node.path and not unpack:  # an archive in one that was only listed
                return _levels(root, helper, unpack=True)
            tree = helper.opened(node, unpack=unpack) if node.path else None
            if tree is None:
                break
            node, archive, unpacked = tree, archive or node, unpack
        levels.append(Level(node, archive, unpacked))
        inside = significant(node.children())
        if len(inside) != 1 or not (inside[0].is_folder or entry_names.is_archive(inside[0].name)):
            break
        (node,) = inside
    return levels or [Level(root, root, False)]


def _as_one(root: Node, download: Download) -> Download:
    """A submission that was found within an archive is read from the archive itself."""
    node = root
    while node.is_folder:
        (node,) = significant(node.children())
    student = name_of(entry_names.without_archive_ending(node.name))
    download.attempts = [Attempt(student, student, [Part(node)])]
    return download


def _say_steps(download: Download, levels: list[Level], at: Level) -> None:
    """Say which folders were passed on the way, and name what lies beside them."""
    if download.layout == Single.name:
        return
    for number, level in enumerate(levels):
        if level is at:
            break
        below = levels[number + 1].node
        download.notes.append(f"The submissions are in the folder {name_of(below.name)}.")
        for node in level.node.children():
            if node.where != below.where:
                reason = entry_names.litter(node.name, folder=node.is_folder)
                if reason:
                    download.stray(node, reason)
                else:
                    stray(download, node, "not in the folder that holds the class")
