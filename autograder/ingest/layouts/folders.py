"""A folder or archive per student, or loose files ``<student>_<exercise>.py``."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.ingest import entry_names
from autograder.ingest.attempts import Attempt, Download, Part
from autograder.ingest.contents.naming import is_notebook
from autograder.ingest.entry_names import CourseNames, Loose, name_of
from autograder.ingest.layouts import evidence, uploads
from autograder.ingest.layouts.base import Helper, may_be_work, rounds, shown_time, stray
from autograder.ingest.tree import Kind, Node

_OF_NBGRADER = {"source", "release", "autograded", "feedback", "submitted"}
_BESIDE = "is among the students' entries, and nothing says whose it is"


class Folders:
    """A student is the name of a folder or archive, or what precedes the exercise in a file's."""

    name = "folders"
    title = "Folders, archives and files of students"
    rule = "a folder or archive per student, or files named <student>_<exercise>.py"

    def recognise(self, tree: Node, names: CourseNames, helper: Helper) -> Download | None:
        download = Download(self.name, self.title)
        _Filling(download, names).fill(tree)
        return download if download.attempts else None


@dataclass(slots=True)
class _Filling:
    """Sorts the entries of one folder out."""

    download: Download
    names: CourseNames
    loose: dict[str, list[tuple[Loose, Node]]] = field(default_factory=dict)
    whole: dict[str, list[Attempt]] = field(default_factory=dict)
    unclaimed: list[Node] = field(default_factory=list)

    def fill(self, tree: Node) -> None:
        for node in tree.children():
            reason = entry_names.litter(node.name, folder=node.is_folder)
            if reason:
                self.download.stray(node, reason)
            elif node.kind is Kind.LINK:
                self._refuse(node.name, node, "it is a symbolic link")
            elif node.is_folder:
                self._folder(node)
            else:
                self._file(node)
        if tree.cut:
            self.download.notes.append(f"{tree.name} holds too many entries: not all are listed.")
        self._helpers()
        for student, files in self.loose.items():
            self.whole.setdefault(student, []).extend(_of_loose(student, files))
        for attempts in self.whole.values():
            self.download.attempts += _merged(attempts, self.names)

    def _folder(self, node: Node) -> None:
        if node.name.casefold() in _OF_NBGRADER:
            words = "named like one of nbgrader's folders, not like a student"
            stray(self.download, node, words, look=may_be_work(node))
        elif evidence.MATERIAL.fullmatch(node.name) or evidence.is_chapter(node, self.names):
            stray(self.download, node, "named like course material, not like a student")
        else:
            self._whole(node.name, node)

    def _file(self, node: Node) -> None:
        name = node.name
        if entry_names.is_archive(name):
            student = entry_names.without_archive_ending(name)
            if node.problem:
                self._refuse(student, node, f"{name_of(name)} {node.problem}")
            else:
                self._whole(student, node, name if entry_names.is_unopened(name) else "")
        elif (loose := self.names.loose(name)) and not self.names.answers(name):
            self.loose.setdefault(name_of(loose.student), []).append((loose, node))
        elif is_notebook(name) and not self.names.answers(name):
            student = name_of(entry_names.without_ending(name))
            self.loose.setdefault(student, []).append((Loose(student, name, 0), node))
        else:
            self.unclaimed.append(node)

    def _helpers(self) -> None:
        """What is called like a student's other loose files comes with them, such as helpers."""
        for node in self.unclaimed:
            heads = [f"{student}{mark}" for student in self.loose for mark in "_- "]
            head = max((h for h in heads if node.name.startswith(h)), key=len, default="")
            if head and node.name != head:
                inner = node.name[len(head) :].lstrip("_- ") or node.name
                self.loose[head[:-1]].append((Loose(head[:-1], inner, 0), node))
            else:
                stray(self.download, node, _BESIDE)

    def _whole(self, raw: str, node: Node, inner: str = "") -> None:
        student, newest = name_of(raw), node.newest()
        one = Attempt(student, student, [Part(node, inner)], shown_time(newest))
        one.order = (newest, str(node.kind))
        uploaded = uploads.split(one, node, self.names) if node.is_folder else [one]
        self.whole.setdefault(_distinct(student, node), []).extend(uploaded)

    def _refuse(self, raw: str, node: Node, why: str) -> None:
        student = name_of(raw)
        one = Attempt(student, student, [Part(node)], order=(node.time, ""), refusal=why)
        self.whole.setdefault(_distinct(student, node), []).append(one)


def _distinct(student: str, node: Node) -> str:
    """What entries of one student share. Names that were no text may look alike and be two."""
    return f"{student}/{node.path}" if "\N{REPLACEMENT CHARACTER}" in student else student


def _of_loose(student: str, files: list[tuple[Loose, Node]]) -> list[Attempt]:
    newest = max(node.time for _, node in files)
    versions: dict[str, list[Node]] = {}
    for loose, node in sorted(files, key=lambda f: (f[0].copy, f[1].time, f[1].name)):
        versions.setdefault(loose.inner, []).append(node)
    one = Attempt(student, student, when=shown_time(newest), order=(newest, "loose"))
    return rounds(one, versions)


def _merged(attempts: list[Attempt], names: CourseNames) -> list[Attempt]:
    """Entries of one student that answer different things are one submission."""
    distinct: list[tuple[Attempt, set[str]]] = []
    for attempt in attempts:
        ids = set().union(*(evidence.ids_in(p.node, names) for p in attempt.parts))
        for other, known in distinct:
            apart = ids and known and "*" not in ids | known and not ids & known
            if apart and not attempt.refusal and not other.refusal:
                other.parts += attempt.parts
                other.order, known_ids = max(other.order, attempt.order), known
                known_ids |= ids
                break
        else:
            distinct.append((attempt, set(ids)))
    return [attempt for attempt, _ in distinct]
