"""Brightspace: ``<userid>-<dropboxid> - First Last - Mar 29, 2018 1205 PM[ - <file name>]``."""

from __future__ import annotations

import datetime
import re

from autograder.ingest.attempts import Attempt, Download, Part
from autograder.ingest.entry_names import CourseNames, name_of
from autograder.ingest.layouts.base import Helper, outnumbered, sorted_out
from autograder.ingest.tree import Node

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENTRY = re.compile(
    r"(?is)(?P<user>\d+)(?:-(?P<box>\d+))? ?- (?P<name>.+?) - "
    r"(?P<time>[^-]*?\b\d{4}\b[^-]*?\b\d{1,2}[:.]?\d{2}(?:[\s\u202f]*[ap]\.?m\.?)?)"
    r"(?:\s- (?P<rest>.+))?"
)
_ENGLISH = re.compile(
    r"(?i)(?P<month>[a-z]{3})[a-z]*\.? (?P<day>\d{1,2}), (?P<year>\d{4}) "
    r"(?P<hour>\d{1,2})[:.]?(?P<minute>\d\d) ?(?P<half>[ap])?"
)


class Brightspace:
    """A student is the user id; the attempt is the time; ``index.html`` lists them all."""

    name = "brightspace"
    title = "Brightspace download"
    rule = "folders or files named <userid>-<dropboxid> - First Last - Mar 29, 2018 1205 PM"

    def recognise(self, tree: Node, names: CourseNames, helper: Helper) -> Download | None:
        download = Download(self.name, self.title)
        found: dict[tuple[str, str], Attempt] = {}
        unread: set[str] = set()

        def taken(node: Node) -> bool:
            entry = _ENTRY.fullmatch(node.name)
            if not entry or (node.is_file and not entry["rest"]):
                return False
            words = " ".join(entry["time"].split())
            time = _time(words)
            if time is None:
                unread.add(words)
            attempt = found.setdefault(
                (entry["user"], words),
                Attempt(entry["user"], name_of(entry["name"]), when=time or words),
            )
            # A time in another language is sorted by that of the files.
            order = time or datetime.datetime.fromtimestamp(node.newest()).strftime(_FORMAT)
            attempt.order = max(attempt.order, (order,))
            attempt.parts.append(Part(node, "" if node.is_folder else entry["rest"]))
            return True

        count = sorted_out(
            download, tree.children(), taken, helper,
            lambda name: "Brightspace's list of files" if name.lower() == "index.html" else "",
        )  # fmt: skip
        if not count or outnumbered(download, count, helper):
            return None
        if unread:
            download.notes.append(
                f"Times such as {sorted(unread)[0]!r} could not be read; where a student "
                "has several attempts, the one with the newest file counts."
            )
        download.attempts = list(found.values())
        return download


_FORMAT = "%Y-%m-%d %H:%M"


def _time(words: str) -> str | None:
    """``Mar 29, 2018 1205 PM`` -> ``2018-03-29 12:05``."""
    found = _ENGLISH.fullmatch(re.sub(r"\s*([ap])\.?m\.?$", r" \1", words, flags=re.IGNORECASE))
    if found is None or found["month"].lower() not in _MONTHS:
        return None
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    try:
        return datetime.datetime(
            int(found["year"]), _MONTHS.index(found["month"].lower()) + 1, int(found["day"]),
            hour, int(found["minute"]),
        ).strftime(_FORMAT)  # fmt: skip
    except ValueError:
        return None
