"""Lessons become notebooks, and every cell of them shows what the lesson says it shows."""

from __future__ import annotations

import json
import pkgutil
import re
import sys
from pathlib import Path

import pytest

pytest.importorskip("nbgrader")

import nbformat

from autograder import outline
from autograder.authoring import executing, lessons, outputs, pictures
from autograder.authoring.lessons import LessonError
from autograder.authoring.outputs import Stated
from autograder.authoring.site.contract import contract
from autograder.outline import Course
from tests.notebooks.books import cell_of, grade_id

COURSE = outline.load()
NEWER = {"itertools.batched", "os.sched_getaffinity"}
"""Names that Python 3.11 does not have, or not on every system."""
CHAPTERS = [c for c in COURSE.chapters if COURSE.lesson(c.id).is_file()]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.id)
def test_cells_show_what_the_lesson_says(chapter: outline.Chapter) -> None:
    """The notebook as students get it, stubs and all, is run from top to bottom."""
    stated = lessons.stated(COURSE, chapter)
    for cell in executing.executed(COURSE, chapter).cells:
        if cell.cell_type == "code":
            said, shown = stated.get(cell.id, Stated("")), outputs.text_of(cell.outputs)
            assert said.fits(shown), f"{chapter.id}:\n{cell.source}\n---\n{shown}\n!=\n{said.text}"
            drawn = any(pictures.png_of(output) for output in cell.outputs)
            assert drawn == bool(said.picture), f"autograde build outputs --chapter {chapter.id}"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.id)
def test_readers_see_values_before_they_run_anything(chapter: outline.Chapter) -> None:
    stated = lessons.stated(COURSE, chapter)
    for cell in lessons.notebook(COURSE, chapter).cells:
        if cell.id in stated:
            said = stated[cell.id]
            assert outputs.text_of(cell.outputs) == said.shown
            assert any(pictures.png_of(output) for output in cell.outputs) == bool(said.picture)
            marked = any(
                output.get("metadata", {}).get(outputs.RECORDED) for output in cell.outputs
            )
            assert marked == said.varies


def test_links_of_lessons_lead_to_names_that_python_has() -> None:
    """Without the network: a page of the library is a module, its anchor a name in it."""
    links = set()
    for chapter in CHAPTERS:
        text = COURSE.lesson(chapter.id).read_text(encoding="utf-8")
        links |= set(
            re.findall(r"https://docs\.python\.org/3/library/([\w.]+)\.html(?:#(\S+?))?\)", text)
        )
    assert len(links) > 20
    for page, anchor in links:
        module = page if page in sys.stdlib_module_names else page.partition("-")[0]
        assert module.partition(".")[0] in sys.stdlib_module_names | {"stdtypes", "exceptions"}, (
            page
        )
        if anchor.startswith(f"{module}.") and anchor not in NEWER:
            pkgutil.resolve_name(anchor)  # raises where there is no such name


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.id)
def test_columns_of_tables_have_names(chapter: outline.Chapter) -> None:
    """Screen readers say them with each cell."""
    text = COURSE.lesson(chapter.id).read_text(encoding="utf-8")
    heads = re.findall(r"^(\|.*)\n\|[ |:-]+$", text, re.MULTILINE)
    assert all(name.strip() for head in heads for name in head.strip("|").split("|"))


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.id)
def test_each_exercise_has_its_three_cells(chapter: outline.Chapter) -> None:
    book = json.loads(json.dumps(lessons.notebook(COURSE, chapter)))
    ids = [grade_id(c) for c in book["cells"] if grade_id(c)]
    assert ids == [f"{e.id}{end}" for e in chapter.exercises for end in ("-task", "", "-checks")]
    for exercise in chapter.exercises:
        task, solution, checks = (
            cell_of(book, exercise.id + end) for end in ("-task", "", "-checks")
        )
        assert task["cell_type"] == "markdown" and task["metadata"]["nbgrader"]["locked"]
        assert f"{exercise.title} (`{exercise.id}`)" in task["source"]
        # The contract is said once, in the docstrings of the answer's cell.
        assert ">>>" not in task["source"] and ">>>" in solution["source"]
        assert solution["source"].rstrip() == COURSE.solution(exercise).read_text().rstrip()
        about = checks["metadata"]["nbgrader"]
        assert about["grade"] and about["locked"] and about["points"] == exercise.points
        assert all(line.startswith("#") for line in checks["source"].splitlines())
        below = book["cells"][book["cells"].index(solution) + 1]
        assert below["source"] == f"%check {exercise.id}"


@pytest.mark.parametrize("exercise", COURSE.exercises, ids=lambda e: e.id)
def test_examples_of_a_contract_are_fenced(exercise: outline.Exercise) -> None:
    """In Markdown `>>>` alone would be a quotation."""
    text = contract(exercise, COURSE.solution(exercise).read_text(encoding="utf-8"))
    assert ">>>" in text
    assert ">>>" not in re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)


def test_builds_are_repeatable() -> None:
    chapter = CHAPTERS[0]
    assert lessons.notebook(COURSE, chapter) == lessons.notebook(COURSE, chapter)
    nbformat.validate(lessons.notebook(COURSE, chapter))


def test_a_chapter_without_a_lesson(toy: Course) -> None:
    book = lessons.notebook(toy, toy.chapters[0])
    assert book.cells[0].source == "# Basics"
    assert [grade_id(c) for c in book.cells if grade_id(c).endswith("-checks")] == [
        "double-checks",
        "stack-checks",
        "primes-checks",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# A\n", "double, stack, primes is not placed"),
        ("```{exercise} dubble\n```\n", "basics has double, stack, primes"),
        ("```{exercise} double\n```\n\n```{exercise} double\n```\n", "placed twice"),
        ("# A\n\n```{output}\n1\n```\n", "after no code cell"),
    ],
)
def test_what_is_wrong_with_a_lesson_is_said(
    toy: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    path = tmp_path / "basics.md"
    path.write_text(f"---\njupytext:\n  text_representation:\n    format_name: myst\n---\n\n{text}")
    monkeypatch.setattr(Course, "lesson", lambda self, chapter: path)
    with pytest.raises(LessonError, match=words) as caught:
        lessons.notebook(toy, toy.chapters[0])
    assert str(path) in str(caught.value)
