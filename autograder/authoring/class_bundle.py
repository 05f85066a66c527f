"""The student bundle: a course folder with stubs, notebooks and public checks, and no more.

``kata`` and ``autograde`` take it for a course, because it has an ``outline.toml``; its graders
hold the public checks only, and each exercise says how many hidden ones there are.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from autograder import clauses, stubs
from autograder.authoring import public_checks, student_wheel
from autograder.authoring.nbgrader_folder import copy_release
from autograder.authoring.outline_text import outline_text
from autograder.errors import KataError
from autograder.outline import Chapter, Course, OutlineError, load
from autograder.text.numbers import points

CHECKS = "checks"
_PARTS = {
    *(".kata", "notebooks", "exercises", CHECKS, "outline.toml", "README.md"),
    student_wheel.FOLDER,
}


class BundleError(KataError):
    """The bundle cannot be written; the message says why."""


def write(
    course: Course, chapters: Iterable[Chapter], root: Path, out: Path, *, wheel: bool = True
) -> list[Path]:
    """Write the bundle into ``out``, which must be new or a bundle; returns its files.

    ``root`` is the nbgrader folder whose ``release/`` was just generated. ``wheel`` puts the
    students' wheel into it.
    """
    chapters = tuple(chapters)
    texts: dict[Path, str] = {}
    data: dict[Path, bytes] = {}
    public: dict[str, public_checks.Reduced] = {}
    for chapter in chapters:
        for exercise in chapter.exercises:
            solution = course.solution(exercise)
            stub = stubs.stub_text(exercise, solution.read_text(encoding="utf-8"), solution)
            texts[Path("exercises", chapter.id, f"{exercise.id}.py")] = stub
            # Students change those; `kata` compares with these and resets to them.
            texts[Path(".kata/pristine/exercises", chapter.id, f"{exercise.id}.py")] = stub
            for name, content in course.files(exercise):
                for folder in ("", ".kata/pristine", f"exercises/{chapter.id}"):
                    data[Path(folder, name)] = content
            reduced = public_checks.reduced(course, exercise)
            public[exercise.id] = reduced
            for place, text in reduced.files.items():
                texts[Path(CHECKS, chapter.id, place)] = text
            table = clauses.load(course, exercise)
            if table is not None and (text := clauses.for_students(table, reduced.public)):
                texts[Path(CHECKS, chapter.id, f"{exercise.id}.toml")] = text
    texts[Path("outline.toml")] = outline_text(course, chapters, public, CHECKS)
    texts[Path("README.md")] = readme(course, chapters, wheel=wheel)
    check(out)
    if out.exists():
        shutil.rmtree(out)
    for path, text in texts.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(text, encoding="utf-8")
    for path, content in data.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)
    for chapter in chapters:
        copy_release(root, chapter, out / "notebooks" / chapter.id)
    if wheel:
        student_wheel.write(out / student_wheel.FOLDER)
    return sorted(p for p in out.rglob("*") if p.is_file())


def check(out: Path) -> None:
    """:class:`BundleError` where ``out`` holds anything but an older bundle."""
    if not out.exists():
        return
    if not out.is_dir():
        raise BundleError(f"{out} is not a folder")
    parts = _PARTS | _brought(out)
    foreign = sorted(p.name for p in out.iterdir() if p.name not in parts)
    if foreign or (any(out.iterdir()) and not (out / "outline.toml").is_file()):
        what = f"it holds {', '.join(foreign[:3])}" if foreign else "it is not a bundle"
        raise BundleError(f"{out} is not replaced: {what}. Name a new folder")


def _brought(out: Path) -> set[str]:
    """Names at the top of a bundle that its exercises' files have."""
    try:
        known = load(out)
    except OutlineError:
        return set()
    return {Path(name).parts[0] for exercise in known.exercises for name in exercise.files}


# -- README -----------------------------------------------------------------------------------


_INSTALL = """\
In this folder, with Python 3.11 or later:

    python3 -m venv .venv                  # on Windows: py -m venv .venv
    . .venv/bin/activate                   # on Windows: .venv\\Scripts\\activate
    pip install --find-links wheels kata-student

That needs a network for what kata-student builds on (numpy, pytest and a few more; the chapters
that use torch need `'kata-student[course]'`). Where `wheels/` or the environment has all of it, it
works offline:

    pip install --no-index --find-links wheels kata-student

In a new terminal, activate the environment again. kata-student has no solutions: the checks in this
folder are what it runs. If kata-course is installed as well, which has them, `kata submit` says so
to you and in the submission.
"""
_LAB = """\
JupyterLab, for working in the browser, comes with

    pip install --find-links wheels 'kata-student[notebook]'"""
_OTHER_LAB = "JupyterLab, for working in the browser, comes with `pip install jupyterlab`."
_NOTEBOOKS = """\
Run the cell with `%load_ext autograder.kata` first. Write your answer into the cell under the task,
in place of the `raise NotImplementedError` lines, run it, and run the `%check` cell below it.
`%show`, `%hint` and `%next` do what the commands do.

Keep the answer's cell: the grader finds it by an id that you do not see. Imports and helpers in
cells of your own are graded with your answer. Cells marked as checks are empty on purpose; leave
them. Outputs do not count. Do not rename the notebook.
"""
_OTHERWISE = "Install the wheel that your instructor gave you. Then, in this folder:\n"


def readme(course: Course, chapters: Iterable[Chapter], *, wheel: bool = True) -> str:
    """What a student reads first. ``wheel`` says that the bundle has the students' wheel."""
    chapters = tuple(chapters)
    first = next(e for chapter in chapters for e in chapter.exercises)
    rows = "\n".join(
        f"| {e.section} | `{e.id}` | {e.title} | {points(e.points)} | {e.minutes} min |"
        for chapter in chapters
        for e in chapter.exercises
    )
    return f"""# {course.title}

Work in files or in notebooks: every exercise is in both.

* `exercises/{first.chapter}/{first.id}.py` is a stub: its docstring says what to write.
* You can put modules and data of your own beside it. What your answer imports or opens is handed
  in and graded with it.
* `notebooks/{first.chapter}/{first.chapter}.ipynb` is the lesson, with the same exercises in it.
* `checks/` holds the public checks, for reading. More checks run when your work is graded.

## Checking your work

{_INSTALL if wheel else _OTHERWISE}
    kata                         # where you are, and what is next
    kata show {first.id}
    kata check {first.id}

`kata check` says what your code did, and how many hidden checks run at grading.

## Working in notebooks

{_LAB if wheel else _OTHER_LAB}

{_NOTEBOOKS}
## Handing in

`kata submit` packs everything. You can also hand in the file or the notebook, through nbgrader or
as your instructor says. Do not hand in two different answers to one exercise.

## The exercises

| | id | | points | time |
|---|---|---|---|---|
{rows}
"""
