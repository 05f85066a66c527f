"""What the course hands out is nobody's answer, whatever became of its metadata."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath

import pytest

pytest.importorskip("nbgrader")

from autograder import outline
from autograder.authoring import lessons
from autograder.ingest.contents.answer import Answer
from autograder.ingest.contents.files import SourceFile
from autograder.ingest.contents.notebook_answers import chapter_of, from_notebooks, stub_of
from autograder.ingest.notebooks.reading import Cell
from autograder.model import Verdict
from autograder.outline import Chapter, Course, Exercise
from autograder.stubs import is_untouched

COURSE = outline.load()
IDS = [chapter.id for chapter in COURSE.chapters]


@lru_cache
def cells(chapter: str, *, solved: bool) -> tuple[Cell, ...]:
    """The notebook of a chapter as it is released, or with the reference solutions in it."""
    (found,) = [c for c in COURSE.chapters if c.id == chapter]
    stubs = {e.id: stub_of(COURSE, e).rstrip("\n") for e in found.exercises}
    made = []
    for cell in lessons.notebook(COURSE, found).cells:
        id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        source = cell.source if solved or cell.cell_type != "code" else stubs.get(id, cell.source)
        made.append(Cell(cell.cell_type, source, id))
    return tuple(made)


def answers(
    name: str, book: tuple[Cell, ...], course: Course = COURSE
) -> Iterator[tuple[Exercise, Answer]]:
    file = SourceFile(PurePosixPath(name), b"", cells=book)
    for exercise in course.exercises:
        yield exercise, from_notebooks(course, exercise, [file])


def without_ids(book: tuple[Cell, ...]) -> tuple[Cell, ...]:
    return tuple(Cell(cell.kind, cell.source) for cell in book)


@pytest.mark.parametrize(
    ("name", "ids"), [("{0}/{0}.ipynb", True), ("{0}-Copy1.ipynb", False), ("mine.ipynb", False)]
)
@pytest.mark.parametrize("chapter", IDS)
def test_an_untouched_notebook_holds_no_answer(chapter: str, name: str, ids: bool) -> None:
    book = cells(chapter, solved=False)
    for exercise, answer in answers(name.format(chapter), book if ids else without_ids(book)):
        if answer.source is None:
            assert answer.verdict is Verdict.NOT_ATTEMPTED, (exercise.id, answer)
        else:
            assert exercise.chapter == chapter, exercise.id
            assert is_untouched(answer.source.decode(), stub_of(COURSE, exercise))
        assert "from other cells" not in answer.note


@pytest.mark.parametrize("ids", [True, False])
@pytest.mark.parametrize("chapter", IDS)
def test_a_solved_notebook_answers_its_own_exercises(chapter: str, ids: bool) -> None:
    book = cells(chapter, solved=True)
    for exercise, answer in answers(f"{chapter}.ipynb", book if ids else without_ids(book)):
        if exercise.chapter != chapter:
            assert answer.verdict is Verdict.NOT_ATTEMPTED, exercise.id
        else:
            assert answer.source is not None
            # Nothing of the lesson comes along with an answer that needs nothing.
            solution = COURSE.solution(exercise).read_text(encoding="utf-8")
            assert answer.source.decode().strip() == solution.strip()


# -- a course of its own ------------------------------------------------------------------------

LESSON = """# Basics

```{code-cell} ipython3
:tags: [x]

# A first, naive one.
def double(x):
    return x + x + 0

print(double(2))
```

```{code-cell} ipython3
LIMIT = 3
```

```{exercise} double
```
"""


@pytest.fixture
def course(toy: Course, tmp_path: Path) -> Course:
    import shutil

    root = tmp_path / "course"
    shutil.copytree(toy.root, root, ignore=shutil.ignore_patterns("tests", "graders"))
    made = outline.load(root)
    path = made.lesson("basics")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(LESSON)
    return made


def found(course: Course, name: str, *book: Cell) -> Answer:
    return {e.id: a for e, a in answers(name, book, course)}["double"]


NAIVE = "# A first, naive one.\ndef double(x):\n    return x + x + 0\n\nprint(double(2))"
MINE = "def double(x):\n    return 2 * x\n"


@pytest.mark.parametrize(
    "text",
    [
        NAIVE,
        NAIVE.replace("print(double(2))", "print(double(20))\n# I see"),
        NAIVE.replace("\n\n", "\n") + "\n\n",
        "%%time\n" + NAIVE,
    ],
)
def test_a_lessons_cell_is_no_answer(course: Course, text: str) -> None:
    for name in ("basics.ipynb", "mine.ipynb"):
        answer = found(course, name, Cell("code", text))
        assert answer.verdict is Verdict.NOT_ATTEMPTED
        assert f"{name} has no cell of double: no id, and no double, was found" in answer.message


def test_an_answer_beside_it_is(course: Course) -> None:
    answer = found(course, "basics.ipynb", Cell("code", NAIVE), Cell("code", MINE))
    assert answer.source == MINE.encode()
    # And the lesson's, run again below, does not take its place.
    answer = found(course, "basics.ipynb", Cell("code", MINE, "double"), Cell("code", NAIVE))
    assert answer.source == MINE.encode()


def test_what_a_lesson_binds_below_does_not_count(course: Course) -> None:
    mine = Cell("code", "LIMIT = 5\ndef double(x):\n    return LIMIT * x\n", "double")
    answer = found(course, "basics.ipynb", mine, Cell("code", "LIMIT = 3"))
    assert answer.source == mine.source.encode()
    # What the student binds there does, and so does the lesson's above.
    answer = found(course, "basics.ipynb", mine, Cell("code", "LIMIT = 4"))
    assert answer.source is not None and b"LIMIT = 4" in answer.source
    lean = Cell("code", "def double(x):\n    return LIMIT * x\n", "double")
    answer = found(course, "basics.ipynb", Cell("code", "LIMIT = 3"), lean)
    assert answer.source is not None and b"LIMIT = 3" in answer.source


def test_another_exercises_helper_does_not_count(course: Course) -> None:
    first = Cell("code", "def norm(x):\n    return 2 * x\n")
    mine = Cell("code", "def double(x):\n    return norm(x)\n", "double")
    other = Cell("code", "def norm(x):\n    return x\nclass Stack(list):\n    push = norm\n")
    for cell in (other, Cell("code", other.source, "stack")):
        answer = found(course, "basics.ipynb", first, mine, cell)
        assert answer.source is not None and answer.source.count(b"def norm") == 1


# -- which notebook -----------------------------------------------------------------------------


def several(course: Course, **books: str) -> Answer:
    """The answer to ``double`` from notebooks with one cell each, by their names."""
    files = [
        SourceFile(PurePosixPath(name), b"", cells=(Cell("code", text, "double"),))
        for name, text in books.items()
    ]
    return from_notebooks(course, course.exercise("double"), files)


def test_the_exact_name_counts(toy: Course) -> None:
    other, third = MINE.replace("2", "3"), MINE.replace("2", "4")
    stub = stub_of(toy, toy.exercise("double"))
    answer = several(toy, **{"basics.ipynb": MINE, "basics-Copy1.ipynb": other})
    assert answer.source == MINE.encode()
    assert answer.note == "basics-Copy1.ipynb holds another answer, which does not count."
    answer = several(
        toy,
        **{
            "basics-Copy1.ipynb": other,
            "basics/basics.ipynb": MINE,
            "x/basics.ipynb": third,
            "final.ipynb": third,
        },
    )
    assert answer.source == MINE.encode() and "basics-Copy1.ipynb, x/basics.ipynb" in answer.note
    # A copy where the exact one was left as it is; copies that were left do not clash.
    answer = several(
        toy, **{"basics.ipynb": stub, "basics-Copy1.ipynb": MINE, "basics-Copy2.ipynb": stub}
    )
    assert answer.source == MINE.encode() and "Found in basics-Copy1.ipynb" in answer.note
    answer = several(toy, **{"basics-Copy1.ipynb": MINE, "basics (1).ipynb": other})
    assert answer.verdict is Verdict.REJECTED
    assert "basics-Copy1.ipynb, basics (1).ipynb. Keep one." in answer.message
    answer = several(toy, **{"basics-Copy1.ipynb": stub, "basics (1).ipynb": stub})
    assert answer.source == stub.encode()


@pytest.mark.parametrize(
    "name",
    [
        "basics-Copy1.ipynb",
        "basics (1).ipynb",
        "Copy of basics.ipynb",
        "ann_basics.ipynb",
        "basics_ann_final.ipynb",
        "Basics.ipynb",
        "Ann Lee - basics.ipynb",
    ],
)
def test_a_lone_one_by_another_name(toy: Course, name: str) -> None:
    assert chapter_of(PurePosixPath(name), toy) == "basics"
    answer = several(toy, **{name: MINE})
    assert answer.source == MINE.encode()
    assert answer.note == f"Found in {name}; expected basics/basics.ipynb."


def test_what_was_looked_at(toy: Course) -> None:
    chapter = Chapter("other", "Other", ())
    course = Course(toy.root, toy.title, (*toy.chapters, chapter), toy.graders)
    empty = (Cell("code", "x = 1"),)
    answer = found(course, "other/other.ipynb", *empty)
    assert answer.verdict is Verdict.NOT_ATTEMPTED
    assert "No notebook basics/basics.ipynb was found" in answer.message
    assert "no cell with the id double in other/other.ipynb" in answer.message
    # In another chapter's notebook the id counts, and the name does not.
    assert found(course, "other.ipynb", Cell("code", MINE)).verdict is Verdict.NOT_ATTEMPTED
    assert found(course, "other.ipynb", Cell("code", MINE, "double")).source == MINE.encode()
