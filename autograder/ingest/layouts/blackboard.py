"""Blackboard: ``<Assignment>_<username>_attempt_<YYYY-MM-DD-HH-MM-SS>_<file name>``."""

from __future__ import annotations

import re

from autograder.ingest.attempts import Attempt, Download, Part
from autograder.ingest.entry_names import CourseNames, name_of
from autograder.ingest.layouts.base import Helper, common_start, outnumbered, sorted_out
from autograder.ingest.tree import Node

_ENTRY = re.compile(
    r"(?s)(?P<head>.+?)_attempt_(?P<time>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)(?P<rest>_.+|\.txt)?"
)


class Blackboard:
    """A student is the username; a ``.txt`` per attempt holds comments."""

    name = "blackboard"
    title = "Blackboard download"
    rule = "files named <Assignment>_<username>_attempt_<YYYY-MM-DD-HH-MM-SS>_<file name>"

    def recognise(self, tree: Node, names: CourseNames, helper: Helper) -> Download | None:
        download = Download(self.name, self.title)
        uploads: list[tuple[re.Match[str], Node]] = []

        def taken(node: Node) -> bool:
            entry = _ENTRY.fullmatch(node.name)
            if entry:
                uploads.append((entry, node))
            return entry is not None

        count = sorted_out(download, tree.children(), taken, helper)
        if not count or outnumbered(download, count, helper):
            return None
        users = _usernames({entry["head"] for entry, _ in uploads})
        attempts: dict[tuple[str, str], Attempt] = {}
        for entry, node in uploads:
            student, time = users[entry["head"]], entry["time"]
            day, clock = time[:10], time[11:].replace("-", ":")
            attempt = attempts.setdefault(
                (student, time),
                Attempt(student, when=f"{day} {clock}", order=(time,), alias=entry["head"]),
            )
            rest = entry["rest"] or ""
            if rest == ".txt":
                download.stray(node, "Blackboard's page of an attempt, no file", student=student)
            else:
                attempt.parts.append(Part(node, rest[1:]))
        for attempt in attempts.values():
            if not attempt.parts:
                attempt.empty = "No file was handed in with this attempt, only its page."
        download.attempts = list(attempts.values())
        return download


def _usernames(heads: set[str]) -> dict[str, str]:
    """The username in each ``<Assignment>_<username>``; both may hold underscores.

    What all have in common, up to an underscore, is the assignment. Usernames stay different
    from each other, whatever they are.
    """
    common = common_start(heads) if len(heads) > 1 else ""
    common = common[: common.rfind("_") + 1]
    if not common:
        titles = {head.rpartition("_")[0] for head in heads}
        if len(titles) > max(1, len(heads) // 2):  # underscores in usernames: cut nothing off
            return {head: name_of(head) for head in heads}
        return {head: name_of(head.rpartition("_")[2] or head) for head in heads}
    return {head: name_of(head[len(common) :]) for head in heads}
