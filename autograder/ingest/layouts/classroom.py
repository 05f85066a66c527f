"""Classroom 50 and GitHub Classroom: a repository ``<classroom>-<assignment>-<username>`` each."""

from __future__ import annotations

import re
from collections import Counter

from autograder.ingest import entry_names
from autograder.ingest.attempts import Attempt, Download, Part
from autograder.ingest.entry_names import CourseNames, name_of
from autograder.ingest.layouts import evidence
from autograder.ingest.layouts.base import Helper, common_start, may_be_work, sorted_out
from autograder.ingest.tree import Node

_OF_A_REPOSITORY = {".git", ".github", ".gitignore", ".classroom50", ".autograding"}
_BRANCH = re.compile(r"(?<=.)-(?:main|master)$")
_NOTHING = re.compile(r"(?!)")


class Classroom:
    """A student is what is left of a repository's name after what all have in common."""

    name = "classroom"
    title = "download of Classroom repositories"
    rule = "folders named <classroom>-<assignment>-<username>"

    def recognise(self, tree: Node, names: CourseNames, helper: Helper) -> Download | None:
        entries = [n for n in tree.children() if _is_unit(n)]
        common = _common([_stem(n) for n in entries])
        mine = [n for n in entries if _stem(n).startswith(common) and _stem(n) != common]
        if not common or not (helper.forced or _sure(common, mine, entries)):
            return None
        branch = _branch([_stem(n) for n in mine])
        download = Download(self.name, self.title)

        def taken(node: Node) -> bool:
            if node not in mine:
                return False
            whole = branch.sub("", _stem(node))
            student = name_of(whole[len(common) :])
            one = Attempt(student, student, [Part(node)], alias=whole)
            one.order = (node.newest(),)
            download.attempts.append(one)
            return True

        sorted_out(download, tree.children(), taken, helper)
        download.notes.append(f"Removed what the names of all repositories begin with: {common!r}.")
        return download


def _is_unit(node: Node) -> bool:
    if entry_names.litter(node.name, folder=node.is_folder):
        return False
    return node.is_folder or (node.is_file and entry_names.is_archive(node.name))


def _stem(node: Node) -> str:
    return node.name if node.is_folder else entry_names.without_archive_ending(node.name)


def _common(stems: list[str]) -> str:
    """What most of the names begin with, up to a hyphen."""
    heads = Counter(stem.partition("-")[0] for stem in stems if "-" in stem)
    if not heads:
        return ""
    head, count = heads.most_common(1)[0]
    mine = [stem for stem in stems if stem.startswith(head + "-")]
    if count < 2 or count * 5 < len(stems) * 3:
        return ""
    # The template's own repository is called like the beginning of all others.
    mine = [m for m in mine if sum(s.startswith(f"{m}-") for s in mine) * 2 < len(mine)]
    common = common_start(mine) if len(mine) > 1 else ""
    return common[: common.rfind("-") + 1]


def _branch(stems: list[str]) -> re.Pattern[str]:
    """What GitHub's "Download ZIP" puts after a repository's name, where all names have it."""
    branches = all(_BRANCH.search(stem) for stem in stems)
    return _BRANCH if branches else _NOTHING


def _sure(common: str, mine: list[Node], entries: list[Node]) -> bool:
    """Folders may share a beginning by chance: two parts of it, or repositories, are proof.

    Where they are no repositories, a folder with another name is a student's all the same.
    """
    repositories = sum(any(c.name in _OF_A_REPOSITORY for c in n.children()) for n in mine)
    if repositories * 2 > len(mine):
        return True
    others = [n for n in entries if n not in mine and not evidence.MATERIAL.fullmatch(n.name)]
    if any(not common.startswith(f"{_stem(n)}-") and may_be_work(n) for n in others):
        return False
    parts = [part for part in common.split("-") if part]
    return len(parts) >= 2 and len(mine) >= 3 and any(c.isalpha() for c in common)
