"""nbgrader's side: one assignment whose test cells hold the very same assertions.

The notebook has a section for each exercise: the answer in a ``%%writefile`` cell (so that
pools and pickles find a real module, as they do in a sandbox), a cell with the grader's own
helpers, and a graded, locked cell for each check. The first cell is :mod:`bench.local` and what
belongs to it. Kernel start, nbconvert and the gradebook are nbgrader's own.
"""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.grading.database import database_url
from autograder.judging import checks
from autograder.machine import has
from autograder.outline import Course, Exercise
from bench import cell_words, local, restoring
from bench.snapshot import Set, option

ASSIGNMENT = "kata"

_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "bench"
c.CourseDirectory.root = {root!r}
c.ExecutePreprocessor.timeout = 300
c.Application.log_level = "WARN"
"""


def _cell(source: str, grade_id: str, *, points: float | None = None, solution: bool = False):  # type: ignore[no-untyped-def]
    cell = new_code_cell(source)
    cell.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": points is not None,
        "locked": not solution,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        cell.metadata["nbgrader"]["points"] = points
    return cell


def answer_cell(exercise: Exercise, text: str) -> str:
    """The source of the cell that holds a student's answer."""
    return f"%%writefile {exercise.id}.py\n{text}"


def assignment(grading: Set) -> nbformat.NotebookNode:
    """The instructor's notebook."""
    names, text = _first_cells(grading)
    cells = [_cell(f"%%writefile bench_local.py\n{text}", "sides")]
    setup = f"from bench_local import {', '.join(names)}, lend_to_vocabulary, run_check\n"
    cells.append(_cell(f"{setup}lend_to_vocabulary()", "setup"))
    for exercise in grading.exercises:
        reference = _unmarked(grading.course.solution(exercise).read_text(encoding="utf-8"))
        cells.append(new_markdown_cell(f"## {exercise.title}"))
        cells.append(_cell(answer_cell(exercise, "..."), exercise.id, solution=True))
        for number, grader in enumerate(texts(grading.course, exercise)):
            helpers, tests = split_grader(grader)
            name = f"{exercise.id}-helpers{number or ''}"
            cells.append(_cell(f"{helpers}\nREFERENCE = {reference!r}", name))
            for name, source in tests:
                run = f"run_check({name}, {exercise.id!r}, REFERENCE)"
                cells.append(_cell(f"{source}\n\n\n{run}", f"{exercise.id}-{name}", points=1.0))
    book = new_notebook(cells=cells)
    book.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "-"}
    return book


def _unmarked(solution: str) -> str:
    """A reference without nbgrader's own marks, which would be cut out of any cell."""
    return re.sub(r"### (BEGIN|END) SOLUTION", "#", solution)


def _first_cells(grading: Set) -> tuple[list[str], str]:
    """What the graders import from ``autograder.checks``, and a module that has it.

    The module is :mod:`bench.local`, :mod:`bench.restoring` and :mod:`bench.cell_words`; the rest
    of those names it imports from the engine. It is a module, not a cell of functions, since
    graders have helpers of the same names.
    """
    wanted = {"check"}
    for exercise in grading.exercises:
        for grader in texts(grading.course, exercise):
            for node in ast.walk(ast.parse(grader)):
                if isinstance(node, ast.ImportFrom) and node.module == "autograder.checks":
                    wanted |= {alias.name for alias in node.names}
    text = "".join(map(inspect.getsource, (local, restoring, cell_words)))
    text = re.sub(r"^from bench\..*\n", "", text, flags=re.MULTILINE)
    for name in sorted(wanted - set(vars(cell_words))):
        word = getattr(checks, name)
        if word.__module__ == checks.__name__:
            text += "\n\n" + inspect.getsource(word)
        else:  # with what it calls
            text += f"\nfrom {word.__module__} import {name}"
    return sorted(wanted), f"from __future__ import annotations\n{text}"


def texts(course: Course, exercise: Exercise) -> list[str]:
    """The texts of a grader's files; each stands after those that it imports."""
    files = {path: path.read_text(encoding="utf-8") for path in course.grader_files(exercise)}
    ordered: list[Path] = []

    def place(path: Path) -> None:
        if path not in ordered and path in files:
            for node in ast.walk(ast.parse(files[path])):
                if isinstance(node, ast.ImportFrom) and node.level and node.module:
                    place(path.parent / f"{node.module}.py")
            ordered.append(path)

    for path in course.check_files(exercise):
        place(path)
    return [files[path] for path in ordered]


def split_grader(grader: str) -> tuple[str, list[tuple[str, str]]]:
    """A grader's helpers as one text, and the name and text of each check that can run here."""
    lines = grader.splitlines()
    helpers, tests = [], []
    for node in ast.parse(grader).body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        text = "\n".join(lines[first - 1 : node.end_lineno])
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder"):
            if node.module != "autograder.checks":  # whose words the first cell has
                helpers.append(text)
            continue
        if isinstance(node, ast.ImportFrom) and node.level:  # all files share a kernel's names
            helpers += [f"{a.asname} = {a.name}" for a in node.names if a.asname]
            continue
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            if all(map(has, option(node, "needs") or ())):  # the others are deferred
                tests.append((node.name, text))
        else:
            helpers.append(text)
    return "\n\n".join(helpers), tests


def build(grading: Set, submissions: Path, students: list[str], root: Path) -> None:
    """A nbgrader course in ``root`` with the same submissions, ready for ``nbgrader autograde``."""
    root.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(_CONFIG.format(root=str(root)))
    source = root / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(assignment(grading), source)
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", ASSIGNMENT]
    done = subprocess.run(
        command, cwd=root, env=environment(root), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"nbgrader generate_assignment failed:\n{done.stderr[-2000:]}")
    released = root / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    for student in students:
        book = nbformat.read(released, as_version=4)
        for cell in book.cells:
            mark = cell.metadata.get("nbgrader", {})
            if mark.get("solution"):
                exercise = next(e for e in grading.exercises if e.id == mark["grade_id"])
                folder = submissions / student / exercise.chapter
                text = (folder / f"{exercise.id}.py").read_text(encoding="utf-8")
                cell.source = answer_cell(exercise, text)
        target = root / "submitted" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        target.parent.mkdir(parents=True)
        nbformat.write(book, target)


def environment(root: Path) -> dict[str, str]:
    """The contenders' environment, with Jupyter's own files kept in ``root``."""
    from bench.usage import environment as shared

    own = {
        "JUPYTER_CONFIG_DIR": str(root / ".jupyter"),
        "JUPYTER_DATA_DIR": str(root / ".data"),
        "JUPYTER_RUNTIME_DIR": str(root / ".runtime"),
        "IPYTHONDIR": str(root / ".ipython"),
    }
    common = shared()
    # nbgrader calls `alembic` by name.
    own["PATH"] = f"{Path(sys.executable).parent}:{common.get('PATH', '')}"
    return common | own


def command() -> list[str]:
    """nbgrader's own grading of every submission."""
    return [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT]


def forget(root: Path) -> None:
    """Remove what an earlier run left, so that the next one grades everything again."""
    import shutil

    shutil.rmtree(root / "autograded", ignore_errors=True)


def marks(root: Path) -> dict[tuple[str, str, str], bool]:
    """(student, exercise, check) -> whether nbgrader gave its point."""
    from nbgrader.api import Gradebook

    by_key = {}
    with Gradebook(database_url(root / "gradebook.db")) as book:
        for submission in book.assignment_submissions(ASSIGNMENT):
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    exercise, _, check = grade.name.partition("-")
                    key = (submission.student.id, exercise, check)
                    by_key[key] = (grade.auto_score or 0.0) > 0
    return by_key
