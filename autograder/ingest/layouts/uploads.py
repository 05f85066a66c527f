"""Several uploads in one student's folder, told apart by what a platform puts in their names.

ILIAS begins each file with its time; Teams and Schoology make a folder for each version.
"""

from __future__ import annotations

import re
from dataclasses import replace

from autograder.ingest import entry_names
from autograder.ingest.attempts import Attempt, Part
from autograder.ingest.entry_names import CourseNames
from autograder.ingest.layouts import evidence
from autograder.ingest.layouts.base import rounds
from autograder.ingest.tree import Node

_VERSION = re.compile(r"(?i)(?:version|revision|versuch|abgabe|attempt)[ _-]*(?P<number>\d+)\b.*")


def split(attempt: Attempt, node: Node, names: CourseNames) -> list[Attempt]:
    """What was handed in one after the other in a student's folder; the attempt where it was not.

    ``attempt`` has the folder as its one part.
    """
    return _dated(attempt, node) or _versions(attempt, node, names) or [attempt]


def _mine(node: Node) -> list[Node]:
    return [n for n in node.children() if not entry_names.litter(n.name, folder=n.is_folder)]


def _dated(attempt: Attempt, node: Node) -> list[Attempt]:
    versions: dict[str, list[Node]] = {}
    for child in sorted(_mine(node), key=lambda n: n.name):
        match = evidence.DATED.fullmatch(child.name)
        if match is None or not child.is_file:
            return []
        versions.setdefault(match["rest"], []).append(child)
    return rounds(attempt, versions) if versions else []


def _versions(attempt: Attempt, node: Node, names: CourseNames) -> list[Attempt]:
    """A folder for each version. The last counts where it answers what the others do."""
    inside = _mine(node)
    while len(inside) == 1 and inside[0].is_folder and not _VERSION.fullmatch(inside[0].name):
        inside = _mine(inside[0])
    match = [(m, n) for n in inside if n.is_folder and (m := _VERSION.fullmatch(n.name))]
    if len(match) < 2 or len(match) < len(inside):
        return []
    match.sort(key=lambda f: int(f[0]["number"]))
    ids = [evidence.ids_in(n, names) for _, n in match]
    if not set().union(*ids) <= ids[-1]:
        return []
    return [
        replace(attempt, parts=[Part(n)], when=n.name, order=(*attempt.order, float(m["number"])))
        for m, n in match
    ]
