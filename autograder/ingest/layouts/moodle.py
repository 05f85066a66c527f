"""Moodle, "Download all submissions": ``<Full name>_<id>_assignsubmission_file`` and the like."""

from __future__ import annotations

import re

from autograder.ingest.attempts import Attempt, Download, Part
from autograder.ingest.entry_names import CourseNames, name_of
from autograder.ingest.layouts.base import Helper, may_be_work, outnumbered, sorted_out
from autograder.ingest.tree import Node

_ENTRY = re.compile(
    r"(?s)(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission(?:_(?P<plugin>[a-z]*))?(?:_(?P<rest>.*)|(?P<page>\.html?))?"
)


class Moodle:
    """A student is the number in the name; before Moodle 4.1 a folder's name ends in ``_``.

    Blind marking (``Participant_<id>``) and teams (``<Group>_<group id>``) have the same form.
    """

    name = "moodle"
    title = "Moodle download"
    rule = "folders named <Full name>_<id>_assignsubmission_file, or files that begin like that"

    def recognise(self, tree: Node, names: CourseNames, helper: Helper) -> Download | None:
        download = Download(self.name, self.title)
        by_student: dict[str, Attempt] = {}

        def taken(node: Node) -> bool:
            entry = _ENTRY.fullmatch(node.name)
            if not entry or (node.is_file and not (entry["rest"] or entry["page"])):
                return False
            name = name_of(entry["name"])
            student = entry["id"] or name  # the group of those who are in none has no id
            attempt = by_student.setdefault(student, Attempt(student, name))
            # Other plugins take files, too: only what is no code is a text.
            if entry["plugin"] in ("file", "", None) or may_be_work(node):
                attempt.parts.append(Part(node, "" if node.is_folder else entry["rest"]))
            else:
                words = f"{entry['plugin']}: text typed into Moodle, no file"
                download.stray(node, words, student=attempt.student)
            return True

        count = sorted_out(download, tree.children(), taken, helper)
        if not count or outnumbered(download, count, helper):
            return None
        for attempt in by_student.values():
            if not attempt.parts:
                attempt.empty = "No file was handed in, only text typed into Moodle."
        download.attempts = list(by_student.values())
        return download
