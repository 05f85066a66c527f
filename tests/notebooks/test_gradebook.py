"""The same marks three ways: our command, `nbgrader autograde`, and formgrader's button."""

from __future__ import annotations

import copy
import csv
import json
import os
import shutil
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nbgrader")

from autograder.outline import Course
from tests.notebooks.books import BAD, GOOD, STACK, answered, cell_of, code, grade_id, save

pytestmark = pytest.mark.usefixtures("walls")

BIN = Path(sys.executable).parent
CHAPTER = "basics"
WIDE = "\u5c71\u7530\u3000\u592a\u90ce"  # with the space that belongs there


def call(*command: str | Path, cwd: Path, ok: bool = True) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        "COLUMNS": "120",
        "JUPYTER_CONFIG_DIR": str(cwd / "no-config"),
    }
    done = subprocess.run(
        [str(c) for c in command],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment,
        check=False,
    )
    assert not ok or done.returncode == 0, done.stdout + done.stderr
    return done


def autograde(*arguments: str | Path, cwd: Path, ok: bool = True) -> Any:
    return call(sys.executable, "-m", "autograder.cli", *arguments, cwd=cwd, ok=ok)


def nbgrader(*arguments: str | Path, cwd: Path, ok: bool = True) -> Any:
    return call(BIN / "nbgrader", *arguments, cwd=cwd, ok=ok)


# -- a class ----------------------------------------------------------------------------------


def hand_in(course: Course, root: Path) -> None:
    """Whole, wrong, broken and odd notebooks of the toy course."""
    submitted = root / "submitted"

    def one(student: str, book: Any, name: str = CHAPTER) -> Path:
        return save(book, submitted / student / CHAPTER / f"{name}.ipynb")

    one("ann", answered(course, double=GOOD, stack=STACK))
    one("bob", answered(course, double=BAD, stack=STACK.replace("append", "extend")))
    one("cem", answered(course, double="def double(x:\n", stack="import os\nos._exit(0)\n"))
    whole = json.dumps(answered(course, double=GOOD))
    one("cut", whole[: len(whole) // 2])
    one("dan", answered(course, double=GOOD), "My homework")
    twice = answered(course, double=BAD)
    again = copy.deepcopy(cell_of(twice, "double"))
    again["source"] = GOOD
    twice["cells"].append(again)
    one("eve", twice)
    gone = answered(course, double=GOOD)
    gone["cells"] = [code(f"{GOOD}")]
    one("fay", gone)
    one("gus", _forged(course))
    cell = {
        "cell_type": "code",
        "input": [GOOD],
        "language": "python",
        "outputs": [],
        "metadata": {"nbgrader": {"grade_id": "double"}},
        "prompt_number": 1,
    }
    sheets = [{"cells": [cell]}]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": sheets}
    one("hal", old)
    (submitted / "ivy").symlink_to(submitted / "ann")
    one("kit", answered(course))  # untouched, and the answer lies beside it
    (submitted / "kit" / CHAPTER / "double.py").write_text(GOOD)
    one(WIDE, answered(course, double=GOOD))


def _forged(course: Course) -> Any:
    """A wrong answer whose checks cell says that it is worth a lot."""
    forged = answered(course, double=BAD)
    checks = cell_of(forged, "double-checks")
    checks["metadata"]["nbgrader"] |= {"points": 1000, "grade": False, "grade_id": "stack-checks"}
    checks["outputs"] = [
        {
            "output_type": "execute_result",
            "metadata": {},
            "execution_count": 1,
            "data": {"text/plain": "1000"},
        }
    ]
    for cell in forged["cells"]:
        if grade_id(cell) == "primes":
            cell["cell_type"], cell["metadata"]["nbgrader"]["schema_version"] = "raw", 99
    return forged


@pytest.fixture(scope="module")
def folder(toy: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A released nbgrader course with everybody's notebooks in it."""
    root = tmp_path_factory.mktemp("course") / "nbgrader"
    autograde(
        "release", root.parent / "bundle", "--root", root, "--course", toy.root, cwd=root.parent
    )
    with (root / "nbgrader_config.py").open("a") as config:
        config.write("c.KataGrading.seed = '7'\n")
    hand_in(toy, root)
    return root


def another(folder: Path, tmp_path: Path) -> Path:
    root = tmp_path / "nbgrader"
    shutil.copytree(folder, root, symlinks=True)
    return root


@dataclass(frozen=True, slots=True)
class Marked:
    """One grade cell: what the gradebook says and what the student sees."""

    auto: float | None
    score: float
    manual: bool
    outputs: str


def gradebook(root: Path, url: str = "") -> Any:
    from nbgrader.api import Gradebook

    return Gradebook(url or f"sqlite:///{root / 'gradebook.db'}", "kata")


def marks(root: Path, url: str = "") -> dict[tuple[str, str], Marked]:
    found: dict[tuple[str, str], Marked] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with gradebook(root, url) as book:
            for submission in book.assignment_submissions(CHAPTER):
                student = submission.student.id
                path = root / "autograded" / student / CHAPTER / f"{CHAPTER}.ipynb"
                cells = {grade_id(c): c for c in json.loads(path.read_text())["cells"]}
                for grade in submission.notebooks[0].grades:
                    found[student, grade.name] = Marked(
                        grade.auto_score,
                        grade.score,
                        grade.needs_manual_grade,
                        json.dumps(cells[grade.name]["outputs"]),
                    )
    return found


@pytest.fixture(scope="module")
def ours(folder: Path, toy: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = another(folder, tmp_path_factory.mktemp("ours"))
    done = autograde(
        "grade", "submitted", "--gradebook", ".", "--course", toy.root, "--seed", "7", cwd=root
    )
    assert "12 notebooks in the gradebook" in done.stdout and not done.stderr
    return root


def test_three_ways_cell_by_cell(
    ours: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = marks(ours)
    assert len(mine) == 12 * 3

    plain = another(folder, tmp_path / "plain")
    done = nbgrader("autograde", CHAPTER, cwd=plain)
    assert "There was an error" not in done.stderr
    assert marks(plain) == mine

    button = another(folder, tmp_path / "button")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")
    press(button, [p.name for p in sorted((button / "submitted").iterdir())])
    assert marks(button) == mine


def press(root: Path, students: list[str]) -> None:
    """What formgrader's server does when Autograde is pressed beside a student."""
    from nbgrader.apps.api import NbGraderAPI

    from autograder.authoring import nbgrader_folder

    with nbgrader_folder.opened(root) as opened:
        api = NbGraderAPI(opened.coursedir, parent=opened.app)
        for student in students:
            done = api.autograde(CHAPTER, student)
            assert done["success"], done


def test_what_each_of_them_earned(ours: Path) -> None:
    auto = {key: m.auto for key, m in marks(ours).items()}
    double = {student: auto[student, "double-checks"] for student, _ in auto}
    assert double == {
        "ann": 4,
        "bob": 0,
        "cem": 0,
        "cut": 0,
        "dan": 4,
        "eve": 4,
        "fay": 4,
        "gus": 0,
        "hal": 4,
        "ivy": 0,
        "kit": 4,
        WIDE: 4,
    }
    assert auto["ann", "stack-checks"] == 4.5  # a GPU check is deferred
    assert auto["cem", "stack-checks"] == 0 and auto["gus", "stack-checks"] == 0
    assert not any(m.manual for m in marks(ours).values())


def test_what_was_graded_is_what_is_shown(ours: Path) -> None:
    page = json.loads((ours / "autograded" / "kit" / CHAPTER / f"{CHAPTER}.ipynb").read_text())
    assert "".join(cell_of(page, "double")["source"]).endswith(GOOD.rstrip())


def test_feedback_says_what_happened(ours: Path) -> None:
    shown = {key: json.loads(m.outputs) for key, m in marks(ours).items()}

    def text(student: str, id: str = "double") -> str:
        stream, number = shown[student, f"{id}-checks"]
        assert stream["name"] == "stdout" and number["output_type"] == "execute_result"
        return "".join(stream["text"])

    assert text("ann").startswith("4 of 4 points\n")
    assert "double(2) returned 6" in text("bob") and "Hint: Add it to itself." in text("bob")
    assert "SyntaxError" in text("cem")
    assert "basics/basics.ipynb is cut off" in text("cut")
    assert "2 different cells" in text("eve")
    assert "by its name" in text("fay")
    assert "still to be graded" in text("ann", "stack")
    for outputs in shown.values():
        assert {o.get("name") for o in outputs} <= {"stdout", None}
        assert "test_any" not in json.dumps(outputs) and "randint" not in json.dumps(outputs)


def test_notebooks_are_whole_again(ours: Path, folder: Path) -> None:
    master = {}
    release = json.loads((folder / "release" / CHAPTER / f"{CHAPTER}.ipynb").read_text())
    for cell in release["cells"]:
        if grade_id(cell):
            master[grade_id(cell)] = cell
    for path in sorted((ours / "autograded").rglob("*.ipynb")):
        cells = [c for c in json.loads(path.read_text())["cells"] if "nbgrader" in c["metadata"]]
        assert sorted(map(grade_id, cells)) == sorted(master), path
        for cell in cells:
            mine, about = (
                master[grade_id(cell)]["metadata"]["nbgrader"],
                cell["metadata"]["nbgrader"],
            )
            assert {k: about.get(k) for k in mine} == mine
            if mine["locked"]:
                source = "".join(cell["source"])
                assert source == "".join(master[grade_id(cell)]["source"])


def test_feedback_pages_and_export(ours: Path, tmp_path: Path) -> None:
    root = another(ours, tmp_path)
    nbgrader("generate_feedback", CHAPTER, cwd=root)
    page = (root / "feedback" / "bob" / CHAPTER / f"{CHAPTER}.html").read_text()
    assert "double(2) returned 6" in page and "BEGIN SOLUTION" not in page
    assert (
        "could not be read" in (root / "feedback" / "cut" / CHAPTER / f"{CHAPTER}.html").read_text()
    )
    nbgrader("export", cwd=root)
    with (root / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(rows["ann"]["score"]) == 8.5 and float(rows["ann"]["max_score"]) == 15


def test_late_penalty_and_a_regrade_that_keeps_what_people_said(
    ours: Path, toy: Course, tmp_path: Path
) -> None:
    import datetime

    root = another(ours, tmp_path)
    submitted = root / "submitted"
    (submitted / "ann" / CHAPTER / "timestamp.txt").write_text("2030-01-03 11:00:00 UTC")
    (submitted / "dan" / CHAPTER / "timestamp.txt").write_text("2030-01-01 12:10:00 UTC")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with gradebook(root) as book:
            book.update_or_create_assignment(
                CHAPTER, duedate=datetime.datetime(2030, 1, 1, 12, 0, 0)
            )
            grade = book.find_grade("double-checks", CHAPTER, CHAPTER, "bob")
            grade.manual_score, grade.extra_credit = 3.0, 0.5
            comment = book.find_comment("double", CHAPTER, CHAPTER, "bob")
            comment.manual_comment = "Nearly."
            book.db.commit()
    save(answered(toy, double=GOOD + "# again\n"), submitted / "bob" / CHAPTER / f"{CHAPTER}.ipynb")
    autograde(
        "grade", "submitted", "--gradebook", ".", "--course", toy.root, "--seed", "7", cwd=root
    )
    bob = marks(root)["bob", "double-checks"]
    assert bob.auto == 4 and bob.score == 3.5 and bob.manual  # nbgrader asks for a second look
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with gradebook(root) as book:
            assert book.find_comment("double", CHAPTER, CHAPTER, "bob").comment == "Nearly."
            late = {
                student: book.find_submission_notebook(CHAPTER, CHAPTER, student)
                for student in ("ann", "dan")
            }
            # Two days have begun, a tenth of the score each; ten minutes cost nothing.
            assert late["ann"].late_submission_penalty == pytest.approx(8.5 * 0.2)
            assert late["dan"].late_submission_penalty is None


def test_a_graders_fault_is_left_for_a_person(folder: Path, toy: Course, tmp_path: Path) -> None:
    course = tmp_path / "toy"
    shutil.copytree(toy.root, course)
    grader = course / "graders" / "basics" / "test_double.py"
    grader.write_text(grader.read_text().replace("n + n for n", "n + nn for n"))
    root = another(folder, tmp_path)
    done = autograde(
        "grade", "submitted", "--gradebook", ".", "--course", course, cwd=root, ok=False
    )
    assert done.returncode == 3
    said = [line for line in done.stderr.splitlines() if line.startswith("GRADER FAULT")]
    (line,) = said  # once, and not for each student
    assert line.startswith("GRADER FAULT test_any in test_double.py:")
    assert "NameError" in line and line.endswith(" students)")
    ann = marks(root)["ann", "double-checks"]
    # The check of one point stands, the one of three is open: the cell waits for a person.
    assert ann.auto == 1 and ann.manual and "Your instructor has been told" in ann.outputs
    assert "1 of 1 points; 3 more open" in ann.outputs and "nn" not in ann.outputs


def test_what_cannot_take_marks_is_said(toy: Course, tmp_path: Path) -> None:
    (tmp_path / "class" / "ann").mkdir(parents=True)
    (tmp_path / "class" / "ann" / "double.py").write_text(GOOD)
    done = autograde(
        "grade", "class", "--gradebook", "nowhere", "--course", toy.root, cwd=tmp_path, ok=False
    )
    assert done.returncode == 2 and "autograde release" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_gradebook_in_postgresql(
    ours: Path, folder: Path, toy: Course, tmp_path: Path, postgres: str
) -> None:
    import sqlalchemy as sa

    engine = sa.create_engine(postgres, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE gradebook"))
    engine.dispose()
    url = postgres.replace("/postgres?", "/gradebook?")
    root = tmp_path / "nbgrader"
    for name in ("source", "submitted"):
        shutil.copytree(folder / name, root / name, symlinks=True)
    (root / "submitted" / "ivy").unlink()
    for student in ("eve", "fay", "gus", "hal", "cem", "kit", WIDE):
        shutil.rmtree(root / "submitted" / student)
    shutil.copy(folder / "nbgrader_config.py", root)
    autograde(
        "release",
        tmp_path / "bundle",
        "--root",
        root,
        "--course",
        toy.root,
        "--db",
        url,
        cwd=tmp_path,
    )
    autograde(
        "grade",
        "submitted",
        "--gradebook",
        ".",
        "--course",
        toy.root,
        "--seed",
        "7",
        "--db",
        url,
        cwd=root,
    )
    expected = {key: m for key, m in marks(ours).items() if key[0] in ("ann", "bob", "cut", "dan")}
    assert marks(root, url) == expected
    assert not (root / "gradebook.db").exists()
    # The store is there, too: nothing is left to grade for nbgrader's own command.
    done = nbgrader("autograde", CHAPTER, "--db", url, "--force", cwd=root)
    assert "Grading" not in done.stderr
    assert marks(root, url) == expected
    assert not list(root.glob("out/*.sqlite"))
