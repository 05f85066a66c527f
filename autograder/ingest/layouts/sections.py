"""Several classes side by side: sections, weeks, or downloads unpacked into one folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from autograder.ingest import entry_names
from autograder.ingest.attempts import Attempt, Download
from autograder.ingest.entry_names import CourseNames, name_of
from autograder.ingest.layouts import evidence
from autograder.ingest.layouts.base import Helper, Layout, may_be_work, significant, stray
from autograder.ingest.layouts.folders import Folders
from autograder.ingest.tree import Node

_ARCHIVES_CAP = 12  # that are looked into, whether they hold a class each

Section = tuple[Node, Download]


class Sections:
    """Several folders (sections, chapters, weeks) that each hold a folder per student."""

    name = "sections"
    title = "Folders of students"
    rule = "folders that each hold a folder per student"

    def recognise(self, tree: Node, names: CourseNames, helper: Helper) -> Download | None:
        folders = evidence.sections(tree, names)
        if not folders:
            return None
        inside = [(node, Folders().recognise(node, names, helper)) for node in folders]
        return _download(self.name, self.title, tree, [(n, d) for n, d in inside if d])


def archives(
    layouts: Sequence[Layout], tree: Node, names: CourseNames, helper: Helper
) -> Download | None:
    """Several archives that differ in a number only and each hold a class, such as parts of one.

    A drive cuts a large folder into ``-001.zip`` and ``-002.zip``.
    """
    nodes = [n for n in significant(tree.children()) if entry_names.is_archive(n.name)]
    alike = {re.sub(r"\d+", "", n.name) for n in nodes}
    if not 1 < len(nodes) <= _ARCHIVES_CAP or len(alike) > 1 or not all(n.path for n in nodes):
        return None

    def inside(node: Node, *, unpack: bool) -> Node | None:
        folder = helper.opened(node, unpack=unpack, needed=unpack)
        while folder and len(mine := significant(folder.children())) == 1 and mine[0].is_folder:
            (folder,) = mine
        return folder

    def recognised(node: Node | None) -> Download | None:
        fits = (layout.recognise(node, names, helper) for layout in layouts if node)
        download = next(filter(None, fits), None)
        if download is None and node and evidence.are_several(node, names, nested=True):
            download = Folders().recognise(node, names, helper)
        return download

    if len({d.layout for n in nodes if (d := recognised(inside(n, unpack=False)))}) != 1:
        return None
    unpacked = [o for n in nodes if (o := inside(n, unpack=True))]
    sections = [(n, d) for n in unpacked if (d := recognised(n))]
    if len(sections) < len(nodes):
        return None
    return _download(sections[0][1].layout, sections[0][1].title, tree, sections)


def downloads(
    layouts: Iterable[Layout], tree: Node, names: CourseNames, helper: Helper
) -> Download | None:
    """Several downloads of one source, each in a folder of its own, and no work beside them."""
    folders = [n for n in significant(tree.children()) if n.is_folder]
    for layout in layouts if len(folders) > 1 else ():
        inside = [(node, layout.recognise(node, names, helper)) for node in folders]
        sections = [(n, d) for n, d in inside if d]
        if len(sections) > 1 and not any(may_be_work(n) for n, d in inside if not d):
            return _download(layout.name, layout.title, tree, sections)
    return None


def _download(name: str, title: str, tree: Node, sections: Sequence[Section]) -> Download:
    download = Download(name, title)
    nodes = [node for node, _ in sections]
    for node in tree.children():
        if not any(node.inner == n.inner or node.inner in n.inner.parents for n in nodes):
            stray(download, node, f"is beside {nodes[0].name}")
    download.attempts = _joined(sections)
    for _, inner in sections:
        download.strays += inner.strays
        download.notes += [note for note in inner.notes if note not in download.notes]
    listed = ", ".join(name_of(n.name) for n in nodes[:6])
    download.notes.append(f"Students were found in each of {listed}.")
    return download


def _joined(classes: Sequence[Section]) -> list[Attempt]:
    """The attempts of all; what a student's latest ones of several sections hold is one."""
    sections: dict[str, list[tuple[Node, Attempt]]] = {}
    attempts: list[Attempt] = []
    for node, download in classes:
        latest: dict[str, Attempt] = {}
        for attempt in download.attempts:
            key = _key(attempt)
            if key not in latest or latest[key].order <= attempt.order:
                latest[key] = attempt
            attempt.alias = attempt.alias or node.name
        attempts += [a for a in download.attempts if latest[_key(a)] is not a]
        for key, attempt in latest.items():
            sections.setdefault(key, []).append((node, attempt))
    for mine in sections.values():
        (_, whole), *rest = mine
        if rest:
            for node, attempt in mine:
                _put_below(node.name, attempt)
            for _, attempt in rest:
                whole.parts += attempt.parts
                whole.refusal = whole.refusal or attempt.refusal
                whole.order = max(whole.order, attempt.order)
                whole.late = whole.late or attempt.late
        attempts.append(whole)
    return attempts


def _key(attempt: Attempt) -> str:
    return "\0".join((attempt.student, *sorted(m.student for m in attempt.members)))


def _put_below(section: str, attempt: Attempt) -> None:
    """Let an attempt's files count as lying in a folder of the section's name."""
    for part in attempt.parts:
        if part.node.is_folder or part.inner:
            part.inner = f"{section}/{part.inner}".rstrip("/")
