"""One student's submission: a folder, an archive, one script or one notebook."""

from __future__ import annotations

from pathlib import Path

from autograder.ingest import entry_names
from autograder.ingest.attempts import Attempt, Download, Part, SubmissionsError
from autograder.ingest.contents.around import siblings
from autograder.ingest.contents.naming import is_notebook
from autograder.ingest.entry_names import CourseNames, name_of
from autograder.ingest.layouts.base import Helper
from autograder.ingest.tree import Node, on_disk
from autograder.outline import Exercise


class Single:
    """A student is the name of the folder or archive."""

    name = "single"
    title = "One submission"
    rule = "one student's folder, archive, script or notebook"

    def recognise(self, tree: Node, names: CourseNames, helper: Helper) -> Download | None:
        name = tree.name if tree.is_folder else entry_names.without_archive_ending(tree.name)
        student = name_of(name)
        return Download(self.name, self.title, [Attempt(student, student, [Part(tree)])])


def one_file(path: Path, node: Node, names: CourseNames, asked: tuple[Exercise, ...]) -> Download:
    """One script or notebook that was pointed at; raises :class:`SubmissionsError`."""
    make = _notebook if is_notebook(path.name) else _script
    student, inner, exercises = make(path, names, asked)
    attempt = Attempt(student, student, [Part(node, inner)], exercises=exercises)
    known = names.exercises
    attempt.parts += [Part(on_disk(real), name) for real, name in siblings(path, known)]
    return Download(Single.name, Single.title, [attempt])


def _script(
    path: Path, names: CourseNames, asked: tuple[Exercise, ...]
) -> tuple[str, str, tuple[Exercise, ...]]:
    student, id = name_of(path.resolve().parent.name), names.answers(path.name)
    loose = None if id else names.loose(path.name)
    if loose:
        student, id = name_of(loose.student), loose.inner.removesuffix(".py")
    if not id:
        known = ", ".join(sorted(names.exercises))
        raise SubmissionsError(
            f"{path.name} is not named after an exercise; the exercises are {known}"
        )
    wanted = tuple(e for e in asked if e.id == id)
    if not wanted:
        raise SubmissionsError(f"{path.name} answers {id}, which you did not ask for")
    return student, f"{id}.py", wanted


def _notebook(
    path: Path, names: CourseNames, asked: tuple[Exercise, ...]
) -> tuple[str, str, tuple[Exercise, ...]]:
    """The exercises of its chapter where its name says one, all otherwise."""
    plain = names.answers(path.name) or entry_names.without_ending(path.name)
    loose = names.loose(path.name)
    chapter, student, inner = "", plain, path.name
    if plain in names.chapters:
        chapter, student = plain, path.resolve().parent.name
        if student == chapter:  # nbgrader's submitted/<student>/<chapter>/<chapter>.ipynb
            student = path.resolve().parent.parent.name
        inner = f"{chapter}.ipynb"
    elif loose and loose.inner.removesuffix(".ipynb") in names.chapters:
        chapter, student, inner = loose.inner.removesuffix(".ipynb"), loose.student, loose.inner
    wanted = tuple(e for e in asked if e.chapter == chapter)
    if chapter and not wanted:
        raise SubmissionsError(
            f"{path.name} answers {chapter}, which has none of the exercises that you asked for"
        )
    return name_of(student), inner, wanted or asked
