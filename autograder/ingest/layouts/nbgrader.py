"""nbgrader: ``submitted/<student>/<assignment>/…``, by its course folder or that folder itself."""

from __future__ import annotations

from autograder.ingest.attempts import Attempt, Download, Part
from autograder.ingest.entry_names import CourseNames
from autograder.ingest.layouts.base import Helper, significant, sorted_out
from autograder.ingest.tree import Kind, Node
from autograder.text.regular import text

CONFIG = "nbgrader_config.py"
_OF_A_COURSE = {CONFIG, "source", "gradebook.db"}


class Nbgrader:
    """A student is the folder, exactly as it is called: nbgrader finds it by that name."""

    name = "nbgrader"
    title = "nbgrader course"
    rule = "a folder `submitted` that holds <student>/<assignment>/"

    def recognise(self, tree: Node, names: CourseNames, helper: Helper) -> Download | None:
        entries = {n.name: n for n in tree.children()}
        submitted = entries.get("submitted")
        if submitted is None or not submitted.is_folder or not _OF_A_COURSE & set(entries):
            return _submitted(self, tree, names, helper)
        download = Download(self.name, self.title)
        for node in tree.children():
            if node is not submitted:
                download.stray(node, "nbgrader's own: only `submitted` is graded")
        return fill(download, submitted, helper)


def _submitted(layout: Nbgrader, tree: Node, names: CourseNames, helper: Helper) -> Download | None:
    """The folder ``submitted`` itself: <student>/<chapter> in it, and no loose work."""
    students = significant(tree.children())
    if tree.name != "submitted" or not all(n.is_folder for n in students):
        return None
    known = set(names.chapters)
    if not any(c.is_folder and c.name in known for n in students for c in n.children()):
        return None
    return fill(Download(layout.name, layout.title), tree, helper)


def fill(download: Download, submitted: Node, helper: Helper) -> Download:
    """The students in a folder called ``submitted``."""

    def taken(node: Node) -> bool:
        if node.kind is Kind.LINK:
            refusal = "it is a symbolic link"
        elif node.is_folder:
            refusal = ""
        else:
            return False
        student = text(node.name) or "?"
        download.attempts.append(Attempt(student, student, [Part(node)], refusal=refusal))
        return True

    sorted_out(download, submitted.children(), taken, helper)
    return download
