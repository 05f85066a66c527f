"""``kata lesson``: a chapter as text, as a section, from a notebook, as a page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder import outline
from autograder.kata import lesson, lesson_command
from autograder.kata.lesson import NoLesson
from autograder.kata.workspace import Workspace

LESSON = """---
jupytext: {}
---

# 1 Basics

Prose with `code`.

```{code-cell} ipython3
:tags: [raises-exception]

print(6)
```

```{output}
«6»
```

## 1.1 One

```{code-cell} ipython3
# 1.2 not a heading
```

```{exercise} double
```

### Below

## 1.2 Two

Another.
"""
COURSE = outline.load()


@pytest.fixture
def chapter(space: Workspace) -> outline.Chapter:
    chapter = space.course.chapters[0]
    path = space.root / "lessons" / f"{chapter.id}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(LESSON)
    return chapter


def test_a_lesson_is_plain_markdown(space: Workspace, chapter: outline.Chapter) -> None:
    text = lesson.reading(space, chapter).markdown
    assert text.startswith("# 1 Basics\n\nProse with `code`.\n\n```python\nprint(6)\n```\n\n")
    assert "```text\n6\n```" in text and "`kata show double`" in text
    assert "{" not in text and "«" not in text


def test_an_exercise_has_its_section(space: Workspace) -> None:
    text = lesson.from_text(space.course, LESSON)
    section = lesson._section(text, "1.1")
    assert section.startswith("## 1.1 One") and section.endswith("### Below\n")
    assert lesson._section(text, "1.2") == "## 1.2 Two\n\nAnother.\n"
    assert lesson._section(text, "1.3") == ""


def test_a_notebook_reads_alike(space: Workspace, tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# 1 Basics\n", "Prose."]},
        {"cell_type": "code", "metadata": {"tags": ["kata"]}, "source": "%check double"},
        {
            "cell_type": "code",
            "metadata": {},
            "source": "print(6)",
            "outputs": [{"output_type": "stream", "text": ["6\n"]}],
        },
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "double"}}, "source": "x"},
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "double-checks"}}},
    ]
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    parts = lesson.from_notebook(space.course, path).split("\n\n")
    assert parts[:3] == ["# 1 Basics\nProse.", "```python\nprint(6)\n```", "```text\n6\n```"]
    assert parts[3].startswith("**Exercise") and len(parts) == 4
    path.write_text("{")
    with pytest.raises(NoLesson, match="not a notebook"):
        lesson.from_notebook(space.course, path)


@pytest.mark.parametrize("chapter", COURSE.chapters, ids=lambda c: c.id)
def test_every_exercise_of_the_course_has_a_section(chapter: outline.Chapter) -> None:
    text = lesson.from_text(COURSE, COURSE.lesson(chapter.id).read_text(encoding="utf-8"))
    assert "```{" not in text
    for exercise in chapter.exercises:
        assert lesson._section(text, exercise.section), exercise.id
    page = lesson_command.page(text, chapter)
    assert all(f'id="exercise-{e.id}"' in page for e in chapter.exercises)


def test_the_site_is_opened_where_there_is_one(
    space: Workspace, chapter: outline.Chapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.kata.terminal import Screen

    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda place: opened.append(place) or True)
    lesson_command.run(space, chapter, None, Screen(), True)
    path = space.folder / "pages" / f"{chapter.id}.html"
    assert opened == [path.as_uri()] and "Prose with <code>code</code>" in path.read_text()
    monkeypatch.setenv("KATA_SITE", "https://kata.test/")
    lesson_command.run(space, chapter, chapter.exercises[0], Screen(), True)
    id = chapter.exercises[0].id
    assert opened[1] == f"https://kata.test/chapters/{chapter.id}.html#exercise-{id}"
