"""What students get: everything they need, and no line of a solution or a hidden check."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nbgrader")

from autograder import outline
from autograder.authoring import public_checks
from autograder.authoring.public_checks import PublicError, Reduced
from autograder.stubs import BEGIN, END

COURSE = outline.load()


def _complete(exercise: outline.Exercise) -> bool:
    parts = (COURSE.stub(exercise), COURSE.solution(exercise))
    return bool(COURSE.check_files(exercise)) and all(path.is_file() for path in parts)


CHAPTERS = [c for c in COURSE.chapters if c.exercises and all(map(_complete, c.exercises))]
EXERCISES = [e for c in CHAPTERS for e in c.exercises]


def release(out: Path, root: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograder.cli", "release", str(out), "--root", str(root)]
    return subprocess.run([*command, *more], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    chapters = [word for c in CHAPTERS for word in ("--chapter", c.id)]
    done = release(folder / "bundle", folder / "nbgrader", *chapters)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return folder / "bundle"


# -- the search -------------------------------------------------------------------------------


def lines_of(text: str) -> set[str]:
    return {re.sub(r"\s+", " ", line.strip()) for line in text.splitlines()}


def solution_lines() -> Iterator[str]:
    for exercise in EXERCISES:
        inside = False
        for line in COURSE.solution(exercise).read_text(encoding="utf-8").splitlines():
            if line.strip() in (BEGIN, END):
                inside = line.strip() == BEGIN
            elif inside:
                yield line


def telling(lines: set[str], innocent: set[str]) -> set[str]:
    """Lines that say something: not short, no import, and nowhere in what may be shown."""
    return {
        line
        for line in lines - innocent
        if len(line) > 16
        and not line.startswith(("import ", "from "))
        and re.search(r"\w{3}", line)
    }


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list):
        if value and all(isinstance(v, str) for v in value):
            yield "".join(value)
        for inner in value:
            yield from strings(inner)


def texts(path: Path) -> Iterator[str]:
    """All text in a file: of a notebook also what is in its metadata, outputs, attachments."""
    text = path.read_text(encoding="utf-8")
    yield text
    if path.suffix == ".ipynb":
        yield from strings(json.loads(text))


def readable(folder: Path) -> list[Path]:
    """All files except the students' wheel, which tests/test_student_wheel.py looks into."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".whl")


def found_in(folder: Path, secret: set[str]) -> list[tuple[str, str]]:
    hits = []
    for path in readable(folder):
        for text in texts(path):
            hits += [(str(path.relative_to(folder)), line) for line in lines_of(text) & secret]
    return hits


@pytest.fixture(scope="module")
def secret() -> set[str]:
    shown: set[str] = set()
    hidden: set[str] = set(lines_of("\n".join(solution_lines())))
    for exercise in EXERCISES:
        shown |= lines_of(COURSE.stub(exercise).read_text(encoding="utf-8"))
        shown |= lines_of(public_checks.reduced(COURSE, exercise).text)
        for path in COURSE.grader_files(exercise):
            hidden |= lines_of(path.read_text(encoding="utf-8"))
    for chapter in COURSE.chapters:
        if COURSE.lesson(chapter.id).is_file():
            shown |= lines_of(COURSE.lesson(chapter.id).read_text(encoding="utf-8"))
    return telling(hidden, shown)


def test_no_solution_and_no_hidden_check(bundle: Path, secret: set[str]) -> None:
    assert len(secret) > 500
    assert found_in(bundle, secret) == []
    marks = [p for p in readable(bundle) if "BEGIN SOLUTION" in p.read_text()]
    assert marks == []


def test_the_search_finds_what_is_there(tmp_path: Path, secret: set[str]) -> None:
    line = sorted(secret)[len(secret) // 2]
    book = {"cells": [{"cell_type": "code", "source": [], "outputs": [{"text": ["a\n", line]}]}]}
    (tmp_path / "a.ipynb").write_text(json.dumps(book))
    (tmp_path / "b.ipynb").write_text(json.dumps({"metadata": {"x": {"y": f"a\n  {line}\n"}}}))
    assert {name for name, _ in found_in(tmp_path, secret)} == {"a.ipynb", "b.ipynb"}


# -- the rest ---------------------------------------------------------------------------------


def _readme(bundle: Path) -> str:
    return (bundle / "README.md").read_text(encoding="utf-8")


def test_what_a_bundle_holds(bundle: Path) -> None:
    course = outline.load(bundle)
    assert [e.id for e in course.exercises] == [e.id for e in EXERCISES]
    (wheel,) = (bundle / "wheels").iterdir()
    assert wheel.name.startswith("kata_student-") and "kata-student" in _readme(bundle)
    for exercise in course.exercises:
        original = COURSE.exercise(exercise.id)
        assert course.stub(exercise).read_bytes() == COURSE.stub(original).read_bytes()
        assert exercise.limits == original.limits and exercise.hints == original.hints
        assert exercise.hidden_checks == public_checks.reduced(COURSE, original).hidden
        assert not course.solution(exercise).exists()
    for chapter in course.chapters:
        book = json.loads((bundle / "notebooks" / chapter.id / f"{chapter.id}.ipynb").read_text())
        if COURSE.lesson(chapter.id).is_file():
            assert any(cell.get("outputs") for cell in book["cells"])


@pytest.mark.usefixtures("walls")
def test_the_engine_runs_a_bundles_public_checks(bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "autograder.cli",
        "grade",
        str(COURSE.solution(COURSE.exercise("count_up"))),
        "--course",
        str(bundle),
        "--out",
        str(out),
        "--only",
        "count_up",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (result,) = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    assert result["verdict"] == "passed" and all(c["public"] for c in result["checks"])


def test_a_folder_that_is_no_bundle_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("x")
    done = release(tmp_path / "mine", tmp_path / "nb", "--chapter", "ch02_iterators_generators")
    assert done.returncode == 2 and "thesis.tex" in done.stderr
    assert (tmp_path / "mine" / "thesis.tex").exists()
    done = release(tmp_path / "new", tmp_path / "nb", "--chapter", "ch99")
    assert done.returncode == 2 and "ch99" in done.stderr and "ch02" in done.stderr


# -- reducing a grader ------------------------------------------------------------------------

GRADER = '''"""Hidden grader: the secret is 42."""

import math
from random import choice, seed

from autograder.judging.checks import check, expect

# a comment about hidden inputs
SECRET = [42]
LIMIT = 3
USED = LIMIT + 1


def helper(value):
    return value * USED


def hidden_helper(value):
    return math.sqrt(SECRET[0])


@check(points=1, public=True, hint="h")
def test_shown(student, rng):
    """Shown."""
    expect(helper(1) == choice([4]), "no")  # a comment of its own


# tells about what follows
@check(points=2)
def test_hidden(student):
    """Hidden."""
    expect(hidden_helper(1) == 42, "no")


@check(points=1, public=True)
def test_shown_but_against_the_reference(student, reference):
    """Not for a bundle."""
'''


def reduce(text: str) -> Reduced:
    path = Path("graders/g.py")
    return public_checks.reduce({path: text}, [path], "x", path.parent)


def test_reduced_to_what_public_checks_use() -> None:
    reduced = reduce(GRADER)
    assert reduced.public == ("test_shown",) and reduced.hidden == 2
    for word in ("SECRET", "42", "hidden", "math", "seed", "comment about", "tells", "against"):
        assert word not in reduced.text, word
    for word in (
        "LIMIT = 3",
        "USED = LIMIT + 1",
        "def helper",
        "from random import choice\n",
        "# a comment of its own",
    ):
        assert word in reduced.text
    compile(reduced.text, "reduced", "exec")
    assert reduce(reduced.text).hidden == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@check(public=FLAG)\ndef test_a(student): ...\n", "public=True or False"),
        ("@check(**x)\ndef test_a(student): ...\n", "cannot be read"),
        ("def (", "invalid syntax|expected|unmatched"),
    ],
)
def test_what_cannot_be_reduced_is_said(text: str, words: str) -> None:
    with pytest.raises(PublicError, match=words):
        reduce(text)


def test_no_public_check_no_file() -> None:
    reduced = reduce("@check(points=1)\ndef test_a(student): ...\n")
    assert reduced.text == "" and reduced.hidden == 1
