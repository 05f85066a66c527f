"""A new exercise or a new course, written from templates that `autograde audit` sees through.

What the templates write is whole: it can be graded at once. Each part that an author has to replace
has a comment that says so, and the audit names it until the comment is gone.
"""

from __future__ import annotations

import difflib
import keyword
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from autograder import clauses, extras, outline
from autograder.authoring.changes import Changes, read
from autograder.environment import PACKAGE
from autograder.errors import KataError
from autograder.outline import Chapter, Course, Exercise
from autograder.sandbox.inside.profiles import PROFILES
from autograder.stubs import stub_text
from autograder.text import toml

FIRST_CHAPTER, FIRST_EXERCISE = "ch01_first_steps", "running_totals"

_ID = re.compile(r"[a-z][a-z0-9_]*")
_CHAPTER = re.compile(r"^[ \t]*\[\[[ \t]*chapter[ \t]*\]\]", re.MULTILINE)
_RESERVED = frozenset(
    {"autograder", "conftest", "pytest"}
    | {module.partition(".")[0] for modules in PROFILES.values() for module in modules}
)
"""Modules that a student's file must not hide, beside those of Python itself."""


class ScaffoldError(KataError):
    """What was asked for cannot be made; the message says why, and what would do."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of an exercise before it is written. ``title`` is empty for one made of the
    id."""

    id: str
    title: str = ""
    points: float = 10
    minutes: int = 20
    needs: tuple[str, ...] = ()


def new_exercise(course: Course, chapter: str, draft: Draft) -> Changes:
    """The files of a new exercise in a chapter of a course, not written yet.

    :class:`ScaffoldError` for an id that cannot be used and for a chapter that is not there.
    """
    path = outline.outline_path(course.root)
    if course.root == PACKAGE / "_course":
        raise ScaffoldError(
            "the bundled course is installed here, where nothing may be added to it: pass "
            "--course DIR, or begin a course of your own with `autograde new course DIR`"
        )
    place = _chapter(course, chapter)
    _refuse_id(course, draft.id)
    section = any(exercise.section for exercise in course.exercises)
    entry = _entry(draft, section)
    exercise = outline.exercise_of(path, place.id, _values(entry))
    changes = Changes()
    _add_files(changes, course, exercise)
    lesson = course.lesson(place.id)
    if lesson.is_file():
        block = _rendered("exercise/lesson.md.j2", id=draft.id)
        changes.edited[lesson] = _appended(read(lesson), block)
    # Last: from then on the course has the exercise.
    changes.edited[path] = _with_entry(path, read(path), entry, place.id)
    return changes


def new_course(folder: Path, title: str = "") -> Changes:
    """The files of a new course with one chapter and one exercise, not written yet.

    :class:`ScaffoldError` where ``folder`` holds anything.
    """
    if folder.exists() and not folder.is_dir():
        raise ScaffoldError(f"{folder} is a file; name a folder that is not there yet")
    if folder.is_dir() and any(folder.iterdir()):
        raise ScaffoldError(
            f"{folder} is not empty, and nothing is overwritten; name a folder that is not there "
            "yet. In a course folder `autograde new exercise` adds an exercise"
        )
    root = folder.resolve()
    title = title or _words(root.name) or "A new course"
    draft = Draft(FIRST_EXERCISE)
    values = {"id": draft.id, "chapter": FIRST_CHAPTER, "course_title": title}
    entry = _entry(draft, section=False)
    changes = Changes()
    for template, name in {
        "outline.toml.j2": "outline.toml",
        "README.md.j2": "README.md",
        "gitignore.j2": ".gitignore",
        "lesson.md.j2": f"lessons/{FIRST_CHAPTER}.md",
    }.items():
        changes.new[root / name] = _rendered(f"course/{template}", entry=entry, **values)
    chapter = Chapter(FIRST_CHAPTER, "", ())
    course = Course(root, title, (chapter,), root / "graders")
    exercise = outline.exercise_of(root / "outline.toml", chapter.id, _values(entry))
    _add_files(changes, course, exercise)
    return changes


def _add_files(changes: Changes, course: Course, exercise: Exercise) -> None:
    """Add solution, stub, grader and specimens."""
    solution = _rendered("exercise/solution.py.j2", id=exercise.id)
    path = course.solution(exercise)
    changes.new[path] = solution
    changes.new[course.stub(exercise)] = stub_text(exercise, solution, path)
    changes.new[course.grader(exercise)] = _rendered("exercise/grader.py.j2", id=exercise.id)
    table = _rendered("exercise/clauses.toml.j2", id=exercise.id)
    changes.new[clauses.path(course, exercise)] = table
    for name in _specimens():
        place = course.specimens(exercise) / name.removesuffix(".j2")
        changes.new[place] = _rendered(f"exercise/{name}", id=exercise.id)


# -- what is asked for ------------------------------------------------------------------------


def _chapter(course: Course, id: str) -> Chapter:
    for chapter in course.chapters:
        if chapter.id == id:
            return chapter
    known = [chapter.id for chapter in course.chapters]
    near = difflib.get_close_matches(id, known, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    path = outline.outline_path(course.root)
    raise ScaffoldError(
        f"{path} has no chapter {id!r}, only {', '.join(known)}. {hint}"
        "For a new chapter, first add [[chapter]] with id and title there"
    )


def _refuse_id(course: Course, id: str) -> None:
    """:class:`ScaffoldError` where ``id`` cannot be the name of a new exercise, with one that can
    where there is one at hand."""
    problem = next(_id_problems(course, id), "")
    if problem:
        near = re.sub(r"\W+", "_", id.lower(), flags=re.ASCII).strip("_0123456789")
        usable = near != id and near and not next(_id_problems(course, near), "")
        hint = f"; for example {near}" if usable else ""
        raise ScaffoldError(f"exercise id {id!r} cannot be used: it {problem}{hint}")


def _id_problems(course: Course, id: str) -> Iterator[str]:
    if not _ID.fullmatch(id):
        yield (
            "names a Python module, so write lower-case letters, digits and underscores, with a "
            "letter first"
        )
    if keyword.iskeyword(id):
        yield "is a keyword of Python"
    packages = {name for exercise in course.exercises for name in exercise.packages}
    if id in sys.stdlib_module_names or id in _RESERVED | packages:
        yield "is the name of a module that answers may import"
    if id.startswith("kata_"):
        yield "begins with kata_, as modules do that graders put beside an answer"
    path = outline.outline_path(course.root)
    for exercise in course.exercises:
        if exercise.id == id:
            yield f"is taken: chapter {exercise.chapter} of {path} has it"
        for name in exercise.files:
            if extras.top(name).removesuffix(".py") == id:
                yield f"is taken: exercise {exercise.id} brings the file {name}"
    if any(chapter.id == id for chapter in course.chapters):
        yield f"is taken: {path} has a chapter of that name"


def _values(entry: str) -> dict[str, Any]:
    """An entry as the outline's reader has it."""
    data = tomllib.loads(f"[[chapter]]\n{entry}")
    values: dict[str, Any] = data["chapter"][0]["exercise"][0]
    return values


# -- texts ------------------------------------------------------------------------------------


def _appended(text: str, block: str) -> str:
    """``text`` with ``block`` after it, in its own line endings."""
    end = "\r\n" if "\r\n" in text else "\n"
    return text.rstrip("\r\n") + end + block.replace("\n", end)


def _with_entry(path: Path, text: str, entry: str, chapter: str) -> str:
    """The text of an outline with an entry after the last exercise of a chapter.

    Nothing else of it changes, comments included. Where TOML is written in a way that leaves no
    such place, :class:`ScaffoldError` has the entry.
    """
    expected = tomllib.loads(text)
    for each in expected["chapter"]:
        if each["id"] == chapter:
            each.setdefault("exercise", []).append(_values(entry))
    end = "\r\n" if "\r\n" in text else "\n"
    for place in (*(match.start() for match in _CHAPTER.finditer(text)), len(text)):
        lines = text[:place].splitlines(keepends=True)
        rest = text[place:]
        # Comments above the next chapter are about that one.
        while rest and lines and lines[-1].lstrip().startswith("#"):
            rest = lines.pop() + rest
        body = _appended("".join(lines), f"\n{entry}")
        changed = f"{body}{end}{rest}" if rest else body
        try:
            if tomllib.loads(changed) == expected:
                return changed
        except tomllib.TOMLDecodeError:
            continue
    raise ScaffoldError(
        f"{path} is not written in a way that an entry can be added to; add this to chapter "
        f"{chapter} by hand, or write its exercises as [[chapter.exercise]] tables:\n\n{entry}"
    )


def _entry(draft: Draft, section: bool) -> str:
    return _rendered(
        "exercise/entry.toml.j2",
        id=draft.id,
        title=draft.title or _words(draft.id),
        points=int(draft.points) if float(draft.points).is_integer() else draft.points,
        minutes=draft.minutes,
        needs=draft.needs,
        section=section,
    )


def _words(name: str) -> str:
    """A name as the words of a title."""
    return re.sub(r"[\W_]+", " ", name).strip().capitalize()


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=False,  # Python, TOML and Markdown
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["toml"] = toml.text
    return environment


def _rendered(template: str, **values: Any) -> str:
    return _templates().get_template(template).render(values)


def _specimens() -> list[str]:
    folder = Path(__file__).parent / "templates" / "exercise"
    return sorted(p.name for kind in ("right", "wrong") for p in folder.glob(f"{kind}_*.py.j2"))
