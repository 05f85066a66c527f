"""A mark's digest covers what a mark depends on, and nothing else."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from autograder import outline
from autograder.environment import PACKAGE
from autograder.grading import digest
from autograder.outline import Course


def _imports(path: Path) -> set[Path]:
    """Files of ours that a module imports, by its syntax tree."""
    files = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            place = PACKAGE.parent.joinpath(*name.split("."))
            for file in (place / "__init__.py", place.with_suffix(".py")):
                if name.startswith("autograder.") and file.is_file():
                    files.add(file)
    return files


def test_it_covers_the_judge_the_sandbox_and_all_that_they_import() -> None:
    covered = set(digest.code())
    for room in digest.ROOMS:
        assert set((PACKAGE / room).rglob("*.py")) <= covered
    for path in covered:
        missing = _imports(path) - covered
        assert not missing, f"{path} imports {missing}, which the digest does not cover"


def test_it_covers_nothing_else() -> None:
    """A report, an export, a late penalty or a command changes no mark."""
    rooms = {path.relative_to(PACKAGE).parts[0] for path in digest.code()}
    assert rooms <= {
        *("judging", "sandbox", "text", "model.py", "machine.py", "environment.py"),
        *("errors.py", "extras.py", "entries.py", "outline.py", "stubs.py"),
    }
    imported = {p for path in digest.code() for p in _imports(path)}
    for path in digest.code():
        own = path.relative_to(PACKAGE).parts[0] in digest.ROOMS
        assert own or path in imported or path.name == "__init__.py"


@pytest.mark.parametrize(
    ("file", "regrades"),
    [
        ("judging/measuring.py", True),
        ("judging/comparing.py", True),
        ("sandbox/inside/serve.py", True),
        ("sandbox/cgroups/group.py", True),
        ("model.py", True),
        ("gradebook/late.py", False),
        ("report/grades.py", False),
        ("commands/grade.py", False),
        ("ingest/roster.py", False),
        ("kata/watch.py", False),
    ],
)
def test_what_regrades_a_class(file: str, regrades: bool) -> None:
    assert (PACKAGE / file).is_file()
    assert (PACKAGE / file in digest.code()) is regrades


def test_it_changes_with_the_grader_the_reference_and_private_graders(
    toy: Course, tmp_path: Path
) -> None:
    toy = outline.load(shutil.copytree(toy.root, tmp_path / "course"))
    exercise = toy.exercise("double")
    before = digest.grader_digest(toy, exercise)
    private = tmp_path / "test_double_more.py"
    private.write_text("x = 1\n")
    assert digest.grader_digest(toy, exercise, [private]) != before
    for path in (toy.grader(exercise), toy.solution(exercise)):
        text = path.read_text()
        path.write_text(text + "# changed\n")
        assert digest.grader_digest(toy, exercise) != before
        path.write_text(text)
    assert digest.grader_digest(toy, exercise) == before
