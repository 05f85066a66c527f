"""`autograde mutate` and `autograde coverage`: mutants, their fates, the page about them."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import outline
from autograder.authoring import course_coverage
from autograder.authoring.mutation import reasons, running
from autograder.authoring.mutation.mutants import mutants
from autograder.outline import Course, OutlineError


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "autograder.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


@pytest.fixture
def copy(tmp_path: Path, toy: Course) -> Path:
    return Path(shutil.copytree(toy.root, tmp_path / "course"))


def changes(source: str) -> set[str]:
    """What the mutants of a source change, without where."""
    return {mutant.name.partition(": ")[2] for mutant in mutants(source)}


@pytest.mark.parametrize(
    ("source", "some"),
    [
        (
            "def f(x):\n    return x < 1\n",
            {
                "`x < 1` -> `x <= 1`",
                "`x < 1` -> `x >= 1`",
                "`1` -> `2`",
                "`return x < 1` -> `return None`",
            },
        ),
        (
            "def f(a, b):\n    if a and b:\n        g(a, b)\n",
            {
                "`a and b` -> `a or b`",
                "`a and b` -> `a`",
                "`a and b` -> `b`",
                "`a and b` -> `not (a and b)`",
                "`g(a, b)` -> `(nothing)`",
                "`g(a, b)` -> `g(b, a)`",
            },
        ),
        (
            "def f(lock):\n    with lock:\n        g(key=True)\n",
            {
                "`with lock: …` -> `its body alone`",
                "`g(key=True)` -> `(nothing)`",
                "`g(key=True)` -> `g()`",
                "`True` -> `False`",
            },
        ),
        (
            "def f(x):\n    try:\n        g()\n    except OSError:\n        pass\n"
            "    finally:\n        h()\n",
            {
                "`except OSError: …` -> `raise`",
                "`g()` -> `(nothing)`",
                "`h()` -> `(nothing)`",
                "`finally: …` -> `(nothing)`",
            },
        ),
        (
            "def f(x):\n    raise ValueError(f'bad {x + 1}')\n",
            {
                "`raise ValueError(f'bad {x + 1}')` -> `(nothing)`",
                "`raise ValueError(f'bad {x + 1}')` -> `raise TypeError(f'bad {x + 1}')`",
            },
        ),
        (
            "import functools\n@functools.cache\ndef f(n: int = 1) -> int:\n    '''Doc.'''\n"
            "    yield n\n",
            {
                "`@functools.cache` -> `(nothing)`",
                "`1` -> `2`",
                "`(yield n)` -> `(yield None)`",
                "`yield n` -> `(nothing)`",
            },
        ),
    ],
)
def test_what_a_mutant_may_change(source: str, some: set[str]) -> None:
    assert changes(source) == some


def test_mutants_compile_differ_and_have_names_of_their_own() -> None:
    course = outline.load()
    for exercise in course.exercises:
        source = course.solution(exercise).read_text(encoding="utf-8")
        made = mutants(source)
        plain = ast.unparse(ast.parse(source)).encode()
        assert len({m.name for m in made}) == len(made)
        assert all(m.source != plain for m in made), exercise.id


@pytest.mark.usefixtures("walls")
def test_a_grader_is_told_what_it_did_not_notice(copy: Path) -> None:
    done = command("mutate", "stack", "--course", copy, "--record")
    course = outline.load(copy)
    score = running.recorded(course)["stack"]
    assert score.mutants > 0
    assert score.caught + len(score.survivors) == score.mutants
    for name in score.survivors:
        assert f"lives: {name}" in done.stdout
    assert done.returncode == (1 if score.survivors else 0), done.stdout


@pytest.mark.usefixtures("walls")
def test_reasons_are_respected_and_must_fit(copy: Path) -> None:
    course = outline.load(copy)
    exercise = course.exercise("double")
    name = mutants(course.solution(exercise).read_text(encoding="utf-8"))[0].name
    path = reasons.path(course, exercise)
    path.parent.mkdir(parents=True)
    path.write_text(f"[equivalent]\n{json.dumps(name)} = 'so it is'\n", encoding="utf-8")
    fates = running.run(course, [exercise])["double"]
    assert name not in [fate.mutant.name for fate in fates]

    path.write_text("[equivalent]\n'f: `a` -> `b`' = 'long gone'\n", encoding="utf-8")
    done = command("mutate", "double", "--course", copy)
    assert done.returncode == 2
    assert "no mutant is called 'f: `a` -> `b`'" in done.stderr


@pytest.mark.parametrize("text", ["[equivalents]\n", "[accepted]\nx = ''\n", "= 1\n", "[accepted"])
def test_a_reasons_file_at_fault_is_named(copy: Path, text: str) -> None:
    course = outline.load(copy)
    exercise = course.exercise("double")
    path = reasons.path(course, exercise)
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OutlineError, match=r"double\.toml"):
        reasons.read(course, exercise)


def test_the_page_of_a_small_course(copy: Path) -> None:
    lessons = copy / "lessons"
    lessons.mkdir()
    (lessons / "basics.md").write_text(
        "# Basics\n\n## 1.1 Doubling\n\n### By adding\n\n```{code-cell} ipython3\n"
        "## 9.9 no heading\n```\n\n```{exercise} double\n```\n\n## 1.2 Nothing yet\n",
        encoding="utf-8",
    )
    course = outline.load(copy)
    text = course_coverage.page(course)
    assert "| 1.1 Doubling | By adding | `double` (after “By adding”) |" in text
    assert "9.9" not in text
    gaps = course_coverage.gaps(course)
    assert "section 1.2 has no exercise" in gaps
    assert "no mutation run of double is on record" in gaps
    assert command("coverage", "--course", copy).returncode == 0
    assert (copy / "docs" / "coverage.md").read_text(encoding="utf-8") == text
    assert command("coverage", "--check", "--course", copy).returncode == 1  # for its gaps


def test_this_course_has_no_gaps_and_its_page_is_up_to_date() -> None:
    course = outline.load()
    assert course_coverage.gaps(course) == []
    written = (course.root / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert written == course_coverage.page(course), "run `autograde coverage`"
