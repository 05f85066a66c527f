"""Stores in a lesson's text what its cells show: the marked values, and the pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from autograder.authoring import executing, lessons, outputs, pictures
from autograder.authoring.lessons import LessonError
from autograder.authoring.outputs import OutputError, Stated
from autograder.outline import Chapter, Course
from autograder.text.atomic import own_folder, replacing

PICTURES = "pictures"


def record(course: Course, chapter: Chapter) -> list[Path]:
    """Run the chapter's lesson and write what varies into it; returns the files that changed.

    :class:`~autograder.authoring.lessons.LessonError` where a cell shows something else than the
    lesson states beside its marks.
    """
    path = course.lesson(chapter.id)
    if not path.is_file():
        return []
    return write(
        path, chapter, executing.executed(course, chapter), lessons.stated(course, chapter)
    )


def write(path: Path, chapter: Chapter, book: NotebookNode, said: dict[str, Stated]) -> list[Path]:
    """The same for a book that has been run already."""
    changed: list[Path] = []
    stated: list[Stated] = []
    for cell, picture in _shown(book, said):
        now = said[cell.id]
        if picture:
            number = 1 + sum(bool(s.picture) for s in stated)
            name = now.picture or f"{PICTURES}/{chapter.id}-{number}.png"
            now = Stated(now.text, name)
            file = path.parent / name
            if not file.is_file() or file.read_bytes() != picture:
                own_folder(file.parent, path.parent)
                file.unlink(missing_ok=True)  # never written through a link
                file.write_bytes(picture)
                changed.append(file)
        try:
            stated.append(now.recorded(outputs.text_of(cell.outputs)))
        except OutputError as error:
            raise LessonError(
                f"{path}: a cell shows something else\n{cell.source}\n{error}"
            ) from None
    text = path.read_text(encoding="utf-8")
    new = lessons.with_outputs(text, [outputs.written(s) for s in stated])
    if new != text:
        with replacing(path) as out:
            out.write(new)
        changed.append(path)
    return changed


def _shown(
    book: NotebookNode, said: dict[str, Stated]
) -> Iterator[tuple[NotebookNode, bytes | None]]:
    """Each cell with an output block, in the order of the lesson, and the picture it shows."""
    for cell in book.cells:
        if cell.id in said:
            shown = [png for output in cell.outputs if (png := pictures.png_of(output))]
            yield cell, shown[-1] if shown else None
