"""Brightspace: ``<userid>-<dropboxid> - First Last - Mar 29, 2018 1205 PM[ - <file name>]``."""

from __future__ import annotations

import datetime
import re

from autograder.ingest.attempts import Attempt, Download, Part
from autograder.ingest.entry_names import CourseNames, name_of
from autograder.ingest.layouts import times
from autograder.ingest.layouts.base import Helper, outnumbered, sorted_out
from autograder.ingest.tree import Node

# A time holds a year and a clock, in the words and the order of whatever language.
_ENTRY = re.compile(
    r"(?is)(?P<user>\d+)(?:-(?P<box>\d+))? ?- (?P<name>.+?) - "
    r"(?P<time>(?:(?!\s-\s).)*?(?<!\d)\d{4}(?!\d)(?:(?!\s-\s).)*?"
    r"\d{1,2}(?:[:.\-h]|\s?h\s?)?\d{2}(?!\d)(?:(?!\s-\s)[^\d]){0,12}(?:[.:\-]\d\d)?)"
    r"(?:\s- (?P<rest>.+))?"
)


class Brightspace:
    """A student is the user id; the attempt is the time; ``index.html`` lists them all."""

    name = "brightspace"
    title = "Brightspace download"
    rule = "folders or files named <userid>-<dropboxid> - First Last - Mar 29, 2018 1205 PM"

    def recognise(self, tree: Node, names: CourseNames, helper: Helper) -> Download | None:
        download = Download(self.name, self.title)
        by_student: dict[tuple[str, str], Attempt] = {}
        read = times.reader(_words(n) for n in tree.children())
        unread: set[str] = set()

        def taken(node: Node) -> bool:
            entry = _ENTRY.fullmatch(node.name)
            if not entry or (node.is_file and not entry["rest"]):
                return False
            words = _words(node)
            time = read(words)
            if time is None:
                unread.add(words)
            attempt = by_student.setdefault(
                (entry["user"], words),
                Attempt(entry["user"], name_of(entry["name"]), when=time or words),
            )
            # A time in another language is sorted by that of the files.
            order = time or datetime.datetime.fromtimestamp(node.newest()).strftime(times.FORMAT)
            attempt.order = max(attempt.order, (order,))
            attempt.parts.append(Part(node, "" if node.is_folder else entry["rest"]))
            return True

        count = sorted_out(
            download,
            tree.children(),
            taken,
            helper,
            lambda name: "Brightspace's list of files" if name.lower() == "index.html" else "",
        )
        if not count or outnumbered(download, count, helper):
            return None
        if unread:
            download.notes.append(
                f"Times such as {sorted(unread)[0]!r} could not be read; where a student "
                "has several attempts, the one with the newest file counts."
            )
        download.attempts = list(by_student.values())
        return download


def _words(node: Node) -> str:
    """The time in a name, as it is written there."""
    entry = _ENTRY.fullmatch(node.name)
    return " ".join(entry["time"].split()) if entry else ""
