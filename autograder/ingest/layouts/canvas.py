"""Canvas, ``submissions.zip``: flat files ``<name>[_LATE]_<user id>_<file id>_<file name>``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.ingest.attempts import Attempt, Download
from autograder.ingest.entry_names import CourseNames, name_of, without_copy
from autograder.ingest.layouts.base import Helper, outnumbered, rounds, sorted_out
from autograder.ingest.tree import Node

_ENTRY = re.compile(r"(?is)(?P<name>.*?)(?P<late>_LATE)?_(?P<user>\d+)_(?P<file>\d+)_(?P<rest>.+)")
_TEAM = re.compile(
    r"(?is)(?P<name>.*?_\d{1,3})(?P<late>_LATE)?_(?P<user>\d{4,})_(?P<file>\d{4,})_(?P<rest>.+)"
)
"""A group's name that ends in a number, before ids as large as those of a whole platform."""
_ANONYMOUS = re.compile(
    r"(?s)(?P<late3>LATE_)?anon(?P<late>_LATE)?_(?P<user>[A-Za-z0-9]+)(?P<late2>_LATE)?_(?P<file>\d+)_(?P<rest>.+)"
)
_TEXT = re.compile(
    r"(?is)(?:(?P<late3>LATE_)?anon(?P<late>_LATE)?_(?P<user>[a-z0-9]+)|(?P<name>.+?)(?P<late2>_LATE)?_(?P<user2>\d+))"
    r"(?:_\d+)?_(?:text|link|url|media)\.html?"
)


@dataclass(slots=True)
class _File:
    number: int
    rest: str
    node: Node


class Canvas:
    """A student is the user id: ids of files differ from file to file of one student."""

    name = "canvas"
    title = "Canvas download"
    rule = "files named <name>_<user id>_<file id>_<file name>, or <name>_LATE_<user id>_…"

    def recognise(self, tree: Node, names: CourseNames, helper: Helper) -> Download | None:
        download = Download(self.name, self.title)
        teams = _are_teams(tree)
        by_user: dict[str, Attempt] = {}
        files: dict[str, list[_File]] = {}

        def owner(groups: dict[str, str | None]) -> Attempt:
            user = groups["user"] or groups.get("user2") or ""
            attempt = by_user.setdefault(user, Attempt(user, late=False))
            attempt.name = attempt.name or name_of(groups.get("name") or user)
            attempt.late = attempt.late or any(groups.get(f"late{n}") for n in ("", 2, 3))
            return attempt

        def taken(node: Node) -> bool:
            if node.is_folder:
                return False
            if text := _TEXT.fullmatch(node.name):
                student = owner(text.groupdict()).student
                download.stray(node, "text typed into Canvas, no file", student=student)
                return True
            entry = _TEAM.fullmatch(node.name) if teams else None
            entry = entry or _ENTRY.fullmatch(node.name) or _ANONYMOUS.fullmatch(node.name)
            if entry:
                student = owner(entry.groupdict()).student
                file = _File(int(entry["file"]), entry["rest"], node)
                files.setdefault(student, []).append(file)
            return entry is not None

        count = sorted_out(download, tree.children(), taken, helper)
        if not files or outnumbered(download, count, helper):
            return None
        for student, attempt in by_user.items():
            mine = files.get(student, [])
            if mine:
                download.attempts += rounds(attempt, _versions(mine, names))
            else:
                attempt.empty = "No file was handed in, only text typed into Canvas."
                download.attempts.append(attempt)
        return download


def _are_teams(tree: Node) -> bool:
    """Whether a number of up to three digits before two long ones is part of a group's name.

    Where ids of users are that short themselves, it is not.
    """
    entries = [e for n in tree.children() if (e := _ENTRY.fullmatch(n.name))]
    short = [e for e in entries if len(e["user"]) < 4]
    return bool(short) and all(_TEAM.fullmatch(e.string) for e in short)


def _versions(files: list[_File], names: CourseNames) -> dict[str, list[Node]]:
    """The uploads of one student by the name that they count under, oldest first.

    ``hw-1.zip`` beside ``hw-2.zip`` may be two files; beside ``hw.zip`` it is that file again.
    """
    given = {file.rest.casefold() for file in files}
    spelled: dict[str, str] = {}
    versions: dict[str, list[Node]] = {}
    for file in sorted(files, key=lambda f: f.number):
        plain = names.plain(file.rest)
        if plain == file.rest and without_copy(file.rest).casefold() in given:
            plain = without_copy(file.rest)
        inner = spelled.setdefault(plain.casefold(), plain)
        versions.setdefault(inner, []).append(file.node)
    return versions
