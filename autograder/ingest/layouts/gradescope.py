"""Gradescope export: ``submission_<id>/`` folders beside ``submission_metadata.yml``."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

from autograder.ingest import entry_names
from autograder.ingest.attempts import Attempt, Download, Member, Part
from autograder.ingest.entry_names import CourseNames, name_of
from autograder.ingest.layouts.base import Helper, outnumbered, sorted_out
from autograder.ingest.tree import Node

_ENTRY = re.compile(r"(?i)submission_(?P<id>\d+)")
_METADATA = "submission_metadata.yml"


class Gradescope:
    """A student is the ``:sid``, else the address, else the name; several submitters are a group.

    Without the metadata a submission is its own student.
    """

    name = "gradescope"
    title = "Gradescope export"
    rule = f"folders named submission_<id>, and {_METADATA}"

    def recognise(self, tree: Node, names: CourseNames, helper: Helper) -> Download | None:
        download = Download(self.name, self.title)
        metadata: dict[str, Any] = {}
        submissions: list[tuple[int, Node]] = []

        def taken(node: Node) -> bool:
            if node.is_file and node.name.lower() in (_METADATA, "submission_metadata.yaml"):
                read = helper.read("gradescope", node.path) if node.path else None
                metadata.update(read if isinstance(read, dict) else {})
                words = "" if metadata or not node.path else ", which could not be read"
                download.stray(node, f"Gradescope's list of submitters{words}")
                return True
            stem = node.name if node.is_folder else entry_names.without_archive_ending(node.name)
            entry = _ENTRY.fullmatch(stem.rpartition(".py")[0] or stem)
            if entry:
                submissions.append((int(entry["id"]), node))
            return entry is not None

        sorted_out(download, tree.children(), taken, helper)
        if not submissions or outnumbered(download, len(submissions), helper):
            return None
        keys = _keys(metadata)
        missing = 0
        bare = Counter(m.student for e in metadata.values() for m in _submitters(e) if _bare(m))
        for number, node in submissions:
            entry = metadata.get(f"submission_{number}")
            missing += entry is None
            attempt = _attempt(number, node, entry or {}, keys)
            if bare[attempt.student] > 1 and not attempt.members:
                attempt.student += f" (submission_{number})"  # two of one name are two
            download.attempts.append(attempt)
        if missing:
            download.notes.append(
                f"{missing} of {len(submissions)} submissions are not in {_METADATA}: "
                "their students are called submission_<id>."
            )
        return download


def _submitters(entry: dict[str, Any]) -> list[Member]:
    """The submitters of one entry, each with an id of its own."""
    return [
        Member(name_of(sid or email or name), name_of(name or sid or email), email)
        for sid, email, name in entry.get("submitters", ())
        if sid or email or name
    ]


def _bare(member: Member) -> bool:
    """Whether nothing but a name is known of a submitter."""
    return not member.email and member.student == member.name


def _keys(metadata: dict[str, Any]) -> dict[str, str]:
    """The id of everybody who is listed with one, by address: another entry may lack it."""
    return {
        email.casefold(): sid
        for entry in metadata.values()
        for sid, email, _ in entry.get("submitters", ())
        if sid and email
    }


def _attempt(number: int, node: Node, entry: dict[str, Any], keys: dict[str, str]) -> Attempt:
    members = [
        replace(m, student=name_of(keys.get(m.email.casefold(), m.student)))
        for m in _submitters(entry)
    ]
    created = str(entry.get("created_at", ""))[:16]
    inner = "" if node.is_folder or entry_names.is_archive(node.name) else node.name
    attempt = Attempt(
        f"submission_{number}",
        parts=[Part(node, inner)],
        when=created,
        order=(created, float(number)),
    )
    if members:
        first = members[0]
        attempt.student, attempt.name, attempt.email = first.student, first.name, first.email
        attempt.members = members if len(members) > 1 else []
    return attempt
