"""The site of a course: one small lesson, run; links, weight, folds, words about faults."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("myst_nb")
pytest.importorskip("furo")

from autograder import outline
from autograder.authoring import executing, lessons, recording
from autograder.authoring.lessons import LessonError
from autograder.authoring.site import chapters, links, pages, settings
from autograder.authoring.site.build import build
from autograder.authoring.site.settings import SiteError
from tests.conftest import TOY

LESSON = """---
jupytext:
  text_representation:
    format_name: myst
---

# 1 Basics

```{code-cell} ipython3
import sys
from IPython.display import display
from autograder.authoring.pictures import data_of

print(sys.version.split()[0])
```

```{output}
«x»
```

## 1.1 Doubling

```{code-cell} ipython3
:tags: [predict]

print([] == False)
```

```{output}
False
```

```{code-cell} ipython3
png = b"\\x89PNG\\r\\n\\x1a\\n\\0\\0\\0\\rIHDR" + (144).to_bytes(4, "big") * 2
display(data_of(png, "Two bars."), raw=True)
```

```{output}
Two bars.
```

```{exercise} double
```

## 1.2 The rest

See [the exercises](/exercises.md).

```{exercise} stack
```

```{exercise} primes
```
"""
SITE = """
front = "front.md"
repository = "https://example.org/toy"

[[part]]
title = "Guides"
pages = ["docs/guide.md"]
"""


@pytest.fixture
def course(tmp_path: Path) -> outline.Course:
    """The toy course with a lesson, a guide and a front page."""
    root = tmp_path / "course"
    shutil.copytree(TOY, root)
    for name, text in {
        "lessons/basics.md": LESSON,
        "site.toml": SITE,
        "front.md": "# Toys\n\nBegin with [the guide](docs/guide.md#ends).\n",
        "docs/guide.md": "# Guide\n\n[code](../outline.toml)\n\n## Ends\n\nWell.\n",
    }.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return outline.load(root)


def test_a_site_is_built_from_cells_that_ran_and_built_again_without_running_any(
    course: outline.Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, cache = tmp_path / "site", tmp_path / "cache"
    book = executing.executed(course, course.chapters[0], cache / "cells")
    lesson = course.lesson("basics")
    said = lessons.stated(course, course.chapters[0])
    recording.write(lesson, course.chapters[0], book, said)
    assert "«x»" not in (text := lesson.read_text(encoding="utf-8"))
    assert ":picture: pictures/basics-1.png\nTwo bars." in text

    def not_again(*_: object) -> None:
        raise AssertionError("it ran already")

    monkeypatch.setattr(executing, "run", not_again)
    built = build(course, out, cache)
    assert built.weight <= links.MOST
    assert links.dead(out) == [] and links.external(out) == set()
    first = (out / "chapters" / "basics.html").read_text(encoding="utf-8")
    assert chapters._RUN in first and "1.1 Doubling" in first
    section = (out / "chapters" / "basics-1.html").read_text(encoding="utf-8")
    assert 'alt="Two bars."' in section and "base64" not in section
    assert "Predict first" in section and "Hint 1 of" in section and 'class="exercise' in section
    assert "<h1>1.1 Doubling" in section and 'rel="next"' in section and 'rel="prev"' in section
    assert "<pre>" not in section and section.count("aria-label=") >= 2
    guide = (out / "docs" / "guide.html").read_text(encoding="utf-8")
    assert "https://example.org/toy/blob/main/outline.toml" in guide

    (course.root / "docs" / "guide.md").write_text(
        "# Guide\n\n[gone](#nowhere)\n", encoding="utf-8"
    )
    for _ in range(2):  # a fault is not forgotten
        with pytest.raises(SiteError, match="docs/guide"):
            build(course, out, cache, run=False)


def test_a_cell_that_shows_something_else_is_named(
    course: outline.Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executing, "run", lambda book, name: None)
    with pytest.raises(LessonError, match="shows something else"):
        chapters.add(course, course.chapters[0], tmp_path, {})


def test_a_foreign_folder_stays_as_it_is(course: outline.Course, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    with pytest.raises(SiteError, match="name a new folder"):
        build(course, tmp_path / "mine", tmp_path / "cache")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fonts = 1", "unknown key 'fonts'"),
        ("front = 'no.md'", r"front = 'no\.md'"),
        ("[[part]]\ntitle = 'A'\npages = ['docs/no.md']", r"there is no docs/no\.md"),
        ("[[part]]\npages = ['docs/guide.md']", "no 'title'"),
        ("title =", "site.toml"),
    ],
)
def test_what_is_wrong_with_the_settings_is_said(
    course: outline.Course, text: str, words: str
) -> None:
    (course.root / "site.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SiteError, match=words):
        settings.read(course)


def test_links_of_a_built_site(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<a href="b.html#there">1</a><a href="b.html#gone">2</a><a href="c.html">3</a>'
        '<img src="no.png"><script src="https://cdn.example/x.js"></script>'
        '<a href="#here" id="here">'
    )
    (tmp_path / "b.html").write_text('<p id="there">')
    assert links.dead(tmp_path) == ["a.html: b.html#gone", "a.html: c.html", "a.html: no.png"]
    assert links.external(tmp_path) == {"https://cdn.example/x.js"}


def test_the_pages_of_the_bundled_course() -> None:
    """Nothing is run or built: each page that the settings name is there, and each exercise."""
    course = outline.load()
    config = settings.read(course)
    files: pages.Files = {}
    pages.guides(course, config, files)
    assert Path("docs/student.md") in files and Path("docs/decisions/README.md") in files
    for chapter in course.chapters:
        chapters.add(course, chapter, None, files)
    text = "".join(str(content) for name, content in files.items() if name.parts[0] == "chapters")
    for exercise in course.exercises:
        assert f"(exercise-{exercise.id})=" in text
