"""Is a folder one submission, or does it hold several students? Decided by names alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autograder.ingest import entry_names
from autograder.ingest.entry_names import CourseNames
from autograder.ingest.layouts.base import significant
from autograder.ingest.tree import Node

_LOOK = 3000  # entries of one folder that are looked at
_SHORT = re.compile(r"[A-Za-z]|\d{1,2}")
_ANY = "*"  # what an archive may hold

MATERIAL = re.compile(r"(?i)(templates?|starter|skeleton|solutions?|handouts?|reference)")
"""Folders that an instructor leaves among students'."""

_PARTS = re.compile(
    r"(?i)(?P<head>(templates?|starter|skeleton|solutions?|handouts?|reference|exercises?|notebooks?"
    r"|lessons?|src|source|code|answers?|data|tests?|docs?|old|new|backups?|bak|cop(y|ies)|archive"
    r"|final|drafts?|wip|te?mp|mine|theirs|orig(inal)?|stubs?|given|release|feedback"
    r"|my[ _-]?(work|code|kata|answers?|solutions?|files?|projects?|homework|hw|stuff)"
    r"|autograded|course|kata|work|tr(y|ies)|attempts?|versions?|v|parts?|tasks?|weeks?|hw"
    r"|homeworks?|assignments?|ex|sections?|ch|chapters?|labs?|units?|modules?|steps?|days?"
    r"|problems?|questions?|lib|utils?|helpers?|assets|images?|output|results?)"
    r"([ _.-]*\d{1,3})?)(?P<tail>(?<=\d)[ _.-].*)?"
)
"""Names of a submission's own folders, which are no students'."""

_SECTION = re.compile(
    r"(?i)(sections?|groups?|weeks?|class(es)?|labs?|tutorials?|periods?|teams?|cohorts?|hw"
    r"|homeworks?|assignments?|units?|gruppe|groupe|grupo|kurs)[ _.-]*\w{1,3}"
)

DATED = re.compile(r"(?s)(?P<time>\d{14})_(?P<rest>.+)")
"""A file of ILIAS: when it was handed in, and its name."""


@dataclass(slots=True)
class Unit:
    """A folder, an archive or loose files: what may be one student's, and what it may answer."""

    name: str
    nodes: list[Node] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


def ids_in(node: Node, names: CourseNames) -> set[str]:
    """Exercises and chapters that an entry has files for; ``*`` stands for an archive."""
    if node.is_file:
        return {_ANY} if entry_names.is_archive(node.name) else {names.fits(node.name)} - {""}
    ids = set()
    for child in node.walk(_LOOK, entry_names.NO_LOOK):
        if child.is_file and not entry_names.litter(child.name):
            ids |= ids_in(child, names)
    return ids


def is_chapter(node: Node, names: CourseNames) -> bool:
    """Whether it is a folder called like a chapter."""
    return node.is_folder and names.is_chapter(node.name)


def own_answers(node: Node, names: CourseNames) -> list[Node]:
    """What a submission has at its top: answers by name, and chapters' folders."""
    return [
        n
        for n in significant(node.children())
        if is_chapter(n, names) or (not n.is_folder and names.answers(n.name))
    ]


def units(node: Node, names: CourseNames, *, nested: bool) -> list[Unit]:
    """What in a folder could be students, each with some evidence of an answer.

    ``nested`` says that it is not a folder that was pointed at, so that ``a`` and ``2`` are
    rather parts of a submission.
    """
    by_owner: dict[str, Unit] = {}
    children = significant(node.children())
    shared = _shared_heads(children)
    for child in children:
        owner = _owner(child, names, nested, shared)
        ids = ids_in(child, names) if owner else set()
        if ids:
            unit = by_owner.setdefault(owner, Unit(owner))
            unit.nodes.append(child)
            unit.ids |= ids
    return list(by_owner.values())


def _stem(node: Node) -> str:
    return node.name if node.is_folder else entry_names.without_archive_ending(node.name)


def is_part(node: Node) -> bool:
    """Whether a folder is called like one that a submission has of its own."""
    return _PARTS.fullmatch(_stem(node)) is not None


def _shared_heads(nodes: Sequence[Node]) -> set[str]:
    """What several names begin with: ``hw1-ann`` and ``hw1-bob`` are two students' homework."""
    found = (_PARTS.fullmatch(_stem(n)) for n in nodes)
    heads = Counter(part["head"].casefold() for part in found if part and part["tail"])
    return {head for head, count in heads.items() if count > 1}


def _owner(node: Node, names: CourseNames, nested: bool, shared: set[str]) -> str:
    if DATED.fullmatch(node.name):
        return ""
    if node.is_folder or entry_names.is_archive(node.name):
        if is_chapter(node, names):
            return ""
        name = _stem(node)
        part = _PARTS.fullmatch(name)
        if part and part["tail"] and part["head"].casefold() in shared:
            part = None
        short = nested and _SHORT.fullmatch(name)
        return "" if short or part else entry_names.name_of(name)
    loose = None if names.answers(node.name) else names.loose(node.name)
    return entry_names.name_of(loose.student) if loose else ""


def are_several(node: Node, names: CourseNames, *, nested: bool) -> bool:
    """Whether several entries of a folder answer the same: then they are students."""
    found = units(node, names, nested=nested)
    archives = sum(_ANY in unit.ids for unit in found)
    mine = own_answers(node, names)
    if mine or nested:
        folders = [unit for unit in found if all(n.is_folder for n in unit.nodes)]
        in_folders = len(folders) > 1 and any(_ANY in unit.ids for unit in folders)
        if archives >= (3 if mine else 2) or (in_folders and not mine):
            return True
    elif archives and len(found) > 1:
        return True
    return _share(found) or (nested and _are_numbered(node, names))


def _are_numbered(node: Node, names: CourseNames) -> bool:
    """Whether three folders or more called ``1`` or ``a`` answer the same: no parts of one."""
    short = [n for n in significant(node.children()) if n.is_folder and _SHORT.fullmatch(n.name)]
    answered = Counter(id for n in short if len(short) > 2 for id in ids_in(n, names))
    return max(answered.values(), default=0) > 2


def _share(owners: Sequence[Unit]) -> bool:
    seen: set[str] = set()
    for unit in owners:
        known = unit.ids - {_ANY}
        if known & seen:
            return True
        seen |= known
    return False


def is_alone(node: Node, names: CourseNames) -> bool:
    """Whether a folder is one submission: answers at its top, or in folders of its own."""
    if own_answers(node, names):
        return True
    parts = [n for n in significant(node.children()) if n.is_folder]
    return not units(node, names, nested=False) and any(ids_in(n, names) for n in parts)


def sections(node: Node, names: CourseNames) -> list[Node]:
    """Folders that each hold a class (of a section, a chapter, a week); empty unless all do."""
    folders = [n for n in significant(node.children()) if n.is_folder and ids_in(n, names)]
    several = [are_several(n, names, nested=True) for n in folders]
    if len(folders) < 2 or not any(several):
        return []
    inside = [{unit.name for unit in units(n, names, nested=True)} for n in folders]
    known = set().union(*(mine for mine, sure in zip(inside, several, strict=True) if sure))
    for folder, mine, sure in zip(folders, inside, several, strict=True):
        # Of one student only: a student of another section, or a folder called like a section.
        single = len(mine) == 1 and (mine <= known or _SECTION.fullmatch(folder.name))
        if own_answers(folder, names) or not (sure or single):
            return []
    return folders


def names_that_fit(node: Node, names: CourseNames, budget: int) -> Iterator[str]:
    """Names in a tree that answer something of the course."""
    for child in node.walk(budget, entry_names.NO_LOOK):
        if child.is_file and names.fits(child.name):
            yield child.name
