"""``kata lesson``: a chapter's lesson as Markdown, all of it or the section of an exercise.

A workspace has lessons as text (``lessons/<chapter>.md``), a class bundle has them as notebooks.
Both become plain Markdown: cells and what they show as blocks of code, exercises as what to type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import KataError
from autograder.kata.workspace import Workspace
from autograder.outline import Chapter, Course, Exercise

_HEADER = re.compile(r"\A---\n.*?^---\n", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```\{([\w-]+)\}[ \t]*([^\n]*)\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_FENCED = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
_OPTION = re.compile(r"\A(?::[\w-]+:[^\n]*\n)+\n?")
_PICTURE = re.compile(r"\A:picture:[^\n]*\n")
OUR_CELLS = "kata"
"""Tag of the cells that are for `%check` and its like."""


class NoLesson(KataError):
    """There is no lesson to read; the message says where it was looked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is to be read: Markdown, and the chapter that it is from."""

    chapter: Chapter
    markdown: str
    whole: bool


def reading(workspace: Workspace, chapter: Chapter, exercise: Exercise | None = None) -> Reading:
    """The lesson of a chapter, or its section about an exercise; :class:`NoLesson` without one."""
    text = _text(workspace, chapter)
    section = _section(text, exercise.section) if exercise and exercise.section else ""
    return Reading(chapter, section or text, not section)


def _text(workspace: Workspace, chapter: Chapter) -> str:
    course = workspace.course
    own = workspace.root / "lessons" / f"{chapter.id}.md"
    notebooks = [workspace.root / "notebooks" / f"{chapter.id}.ipynb"]
    notebooks.append(workspace.root / "notebooks" / chapter.id / f"{chapter.id}.ipynb")
    try:
        for path in (own, course.lesson(chapter.id)):
            if path.is_file():
                return from_text(course, path.read_text(encoding="utf-8"))
        for path in notebooks:
            if path.is_file():
                return from_notebook(course, path)
    except (OSError, UnicodeDecodeError) as error:
        raise NoLesson(f"{path} cannot be read: {error}.") from None
    places = " or ".join(workspace.shown(path) for path in (own, notebooks[-1]))
    raise NoLesson(f"chapter {chapter.id} has no lesson here: expected {places}.")


def blocks(text: str) -> Iterator[tuple[str, str, str]]:
    """The parts of a lesson in order: ``(kind, argument, body)``, the kind of prose empty."""
    text, at = _HEADER.sub("", text), 0
    for match in _BLOCK.finditer(text):
        if prose := text[at : match.start()].strip():
            yield "", "", prose
        yield match[1], match[2].strip(), match[3]
        at = match.end()
    if prose := text[at:].strip():
        yield "", "", prose


def from_text(course: Course, text: str) -> str:
    """A lesson's own text (MyST Markdown) as plain Markdown."""
    exercises = {e.id: e for e in course.exercises}
    parts = []
    for kind, argument, body in blocks(text):
        body = _OPTION.sub("", body) if kind == "code-cell" else body
        if not kind:
            parts.append(body)
        elif kind == "code-cell":
            parts.append(f"```python\n{body}```")
        elif kind == "output":
            parts.append(_shown(_PICTURE.sub("[picture] ", body)))
        elif kind == "exercise":
            parts.append(_placed(exercises.get(argument), argument))
        else:
            parts.append(f"```\n{body}```")
    return "\n\n".join(part for part in parts if part) + "\n"


def from_notebook(course: Course, path: Path) -> str:
    """A notebook as plain Markdown; :class:`NoLesson` where it is damaged."""
    exercises = {e.id: e for e in course.exercises}
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        parts = [part for cell in cells for part in _cell(cell, exercises)]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NoLesson(f"{path} is not a notebook that can be read.") from None
    return "\n\n".join(parts) + "\n"


def _cell(cell: dict[str, Any], exercises: dict[str, Exercise]) -> Iterator[str]:
    metadata = cell.get("metadata", {})
    id = str(metadata.get("nbgrader", {}).get("grade_id", ""))
    if id:
        if id in exercises:
            yield _placed(exercises[id], id)
        return
    source = "".join(cell.get("source", "")).strip()
    if not source or OUR_CELLS in metadata.get("tags", []):
        return
    if cell.get("cell_type") != "code":
        yield source
        return
    yield f"```python\n{source}\n```"
    for output in cell.get("outputs", []):
        shown = output.get("text") or output.get("data", {}).get("text/plain") or ""
        if text := "".join(shown).strip():
            yield _shown(f"{text}\n")


def _shown(text: str) -> str:
    """What a cell shows. A value in «…» is of the run that was recorded; ``...`` varies."""
    text = re.sub("«([^«»]*)»", r"\1", text)
    return f"```text\n{text}```" if text.strip() else ""


def _placed(exercise: Exercise | None, id: str) -> str:
    if exercise is None:
        return f"**Exercise {id}**"
    return (
        f"**Exercise {exercise.section} {exercise.title}** (about {exercise.minutes} minutes): "
        f"`kata show {id}`"
    )


def _section(text: str, number: str) -> str:
    """The part of a lesson below the heading with this number; empty without such a heading."""
    blind = _FENCED.sub(lambda block: re.sub(r"[^\n]", " ", block[0]), text)
    head = re.search(rf"^(#+) {re.escape(number)}(?= |$)", blind, re.MULTILINE)
    if head is None:
        return ""
    after = re.compile(rf"^#{{1,{len(head[1])}}} ", re.MULTILINE).search(blind, head.end())
    return text[head.start() : after.start() if after else len(text)].strip() + "\n"
