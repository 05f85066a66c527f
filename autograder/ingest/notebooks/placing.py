"""A submission's cells, put where the release has them. Runs in a reader: it meets their bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from autograder.ingest.contents.files import read_file
from autograder.ingest.contents.notebook_answers import from_notebooks, handed_out, stub_of
from autograder.ingest.notebooks import answers
from autograder.ingest.notebooks.markdown import SHOWN_CAP, harmless, literal
from autograder.ingest.notebooks.reading import Cell
from autograder.outline import Course
from autograder.stubs import same_code

CELLS_CAP, TEXT_CAP = 1000, 1 << 20
"""Most cells, and characters of them, that a page shows beside the release's own."""

Placed = list[Any]
"""Kind, text, pictures and, for a cell of the release, its name; text None where it is missing."""


_BESIDE = "# Handed in beside this notebook: the text that was graded.\n"


def notebook(
    path: str, kinds: Mapping[str, str], course: Course, graded: Mapping[str, bytes]
) -> list[Any]:
    """What is wrong with the notebook at ``path``, if anything, and its cells.

    ``kinds`` are the kinds of the release's cells by their name. ``graded`` are the texts that
    the marks are of, by exercise: one that the notebook does not hold is shown in place of its
    own cell, since it came from a file beside it.
    """
    place = Path(path)
    file = read_file(place, PurePosixPath(place.parent.name, place.name))
    beside: dict[str, str] = {}
    for exercise in course.exercises:
        if exercise.id in kinds and exercise.id in graded:
            text = graded[exercise.id].decode("utf-8", "replace")
            own = from_notebooks(course, exercise, [file]).source
            if own is None or not same_code(own, graded[exercise.id]):
                beside[exercise.id] = _BESIDE + text.rstrip("\n")
    return [file.problem, placed(file.cells or (), kinds, course, beside)]


def placed(
    cells: Sequence[Cell],
    kinds: Mapping[str, str],
    course: Course,
    beside: Mapping[str, str] = MappingProxyType({}),
) -> list[Placed]:
    """The cells in order, each cell of the release among them once, with the text that
    ``beside`` has for it instead of its own."""
    place, joined = _places(cells, kinds, course)
    taken = {number: name for name, number in place.items()}
    lessons = "\n".join(
        lesson.read_text(encoding="utf-8")
        for chapter in course.chapters
        if (lesson := course.lesson(chapter.id)).is_file()
    )
    lists: list[list[Placed]] = []
    left, more = TEXT_CAP, 0
    for number, cell in enumerate(cells):
        name = taken.get(number)
        if name is not None:
            text = answers.code(cell) if kinds[name] == "code" else cell.source
            text = beside.get(name, text)
            lists.append([_shown(kinds[name], text, None, lessons, name)])
        elif number < CELLS_CAP and left > 0:
            lists.append([_shown(cell.kind, cell.source, cell.attachments, lessons)])
            left -= min(len(cell.source), SHOWN_CAP)
        else:
            lists.append([])
            more += 1
    tail: list[Placed] = []
    for name in _in_order(kinds, course):
        if name in place:
            continue
        base = name.removesuffix("-checks").removesuffix("-task")
        anchor = place.get(base)
        cell_of_release: Placed = [kinds[name], beside.get(name), None, name]
        if anchor is None or base == name:
            tail.append(cell_of_release)
        elif name.endswith("-task"):
            lists[anchor].insert(0, cell_of_release)
        else:
            lists[joined.get(base, anchor)].append(cell_of_release)
    if more:
        tail.append(["markdown", f"*{more} more cells are not shown.*", None, ""])
    return [cell for group in lists for cell in group] + tail


def _places(
    cells: Sequence[Cell], kinds: Mapping[str, str], course: Course
) -> tuple[dict[str, int], dict[str, int]]:
    """The number of each cell of the release that is there, and, of an answer that is joined
    from several cells, that of the last one."""
    place: dict[str, int] = {}
    joined: dict[str, int] = {}
    for number, cell in enumerate(cells):
        if cell.grade_id in kinds:
            place[cell.grade_id] = number  # the last one counts, as it does in a kernel
    for exercise in course.exercises:
        if exercise.id not in kinds:
            continue
        want = answers.wanted(exercise.id, stub_of(course, exercise))
        answer = answers.find(cells, want, handed_out(course))
        place.pop(exercise.id, None)
        if answer is not None and answer.cells[0] not in place.values():
            place[exercise.id] = answer.cells[0]
            joined[exercise.id] = max(answer.cells)
    return place, joined


def _shown(kind: str, text: str, attachments: Any, lessons: str, name: str = "") -> Placed:
    """One cell as a page may show it. Outputs are left behind: nobody knows what made them."""
    if kind == "code":
        if len(text) > SHOWN_CAP:
            text = f"{text[:SHOWN_CAP]}\n# … cut: this cell has {len(text)} characters"
        return ["code", text, None, name]
    if kind == "raw":  # which nbconvert passes through as it is
        return ["markdown", literal(text), None, name]
    text, pictures = harmless(text, attachments, known=text.strip() in lessons)
    return ["markdown", text, pictures, name]


def _in_order(kinds: Mapping[str, str], course: Course) -> list[str]:
    trios = [f"{e.id}{end}" for e in course.exercises for end in ("-task", "", "-checks")]
    known = [name for name in trios if name in kinds]
    return known + sorted(set(kinds) - set(known))
