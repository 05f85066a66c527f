"""Lessons become notebooks, and every cell of them shows what the lesson says it shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nbgrader")

import nbclient
import nbformat

from autograder import outline
from autograder.authoring import lessons
from autograder.authoring.lessons import LessonError
from autograder.outline import Course
from tests.notebooks.books import cell_of, grade_id

COURSE = outline.load()
CHAPTERS = [c for c in COURSE.chapters if COURSE.lesson(c.id).is_file()]
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.id)
def test_cells_show_what_the_lesson_says(
    chapter: outline.Chapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The notebook as students get it, stubs and all, is run from top to bottom."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    for threads in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(threads, "1")
    book = lessons.notebook(COURSE, chapter)
    stated = {cell.id: cell.outputs for cell in book.cells if cell.cell_type == "code"}
    for cell in book.cells:
        if lessons.KATA in cell.metadata.get("tags", ()):
            cell.source = ""  # a student's check, which needs a workspace
        if cell.cell_type == "code" and grade_id(cell) in {e.id for e in chapter.exercises}:
            cell.source = COURSE.stub(COURSE.exercise(grade_id(cell))).read_text(encoding="utf-8")
    client = nbclient.NotebookClient(
        book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    for cell in book.cells:
        if cell.cell_type == "code":
            said, shown = _text(stated[cell.id]), _text(cell.outputs)
            assert _fits(said, shown), f"{chapter.id}:\n{cell.source}\n---\n{shown}\n!=\n{said}"


def _text(outputs: list[Any]) -> str:
    """What a reader sees below a cell."""
    parts = []
    for output in outputs:
        if output.output_type == "stream":
            parts.append(output.text)
        elif output.output_type == "error":
            parts.append(f"{output.ename}: {output.evalue}\n")
        else:
            parts.append(output.data.get("text/plain", "") + "\n")
    return ANSI.sub("", "".join(parts)).rstrip("\n")


def _fits(said: str, shown: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in said.split("..."))
    return re.fullmatch(pattern, shown) is not None


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
        assert exercise.title in task["source"] and ">>>" in task["source"]
        assert solution["source"].rstrip() == COURSE.solution(exercise).read_text().rstrip()
        about = checks["metadata"]["nbgrader"]
        assert about["grade"] and about["locked"] and about["points"] == exercise.points
        assert all(line.startswith("#") for line in checks["source"].splitlines())
        # Examples are fenced: in Markdown `>>>` alone would be a quotation.
        outside = re.sub(r"^```.*?^```", "", task["source"], flags=re.M | re.S)
        assert ">>>" not in outside


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
