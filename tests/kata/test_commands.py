"""init, list, show, hint, solution, reset, open, submit, doctor: what they say and change."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder import outline
from autograder.kata import setup, workspace
from autograder.kata.workspace import Workspace
from autograder.outline import Course
from autograder.text import notebook as notebook_words
from tests.kata.kata_support import BAD, GOOD, Run, environment, write


def test_init_makes_and_never_replaces(kata: Run, tmp_path: Path, toy: Course) -> None:
    made = kata("init", "new", "--course", str(toy.root), cwd=tmp_path)
    assert made.returncode == 0 and "Now: cd new && kata" in made.stdout
    stub = tmp_path / "new/exercises/basics/double.py"
    stub.write_text(BAD)
    again = kata("init", "new", "--course", str(toy.root), cwd=tmp_path)
    assert "0 exercises added, nothing replaced" in again.stdout and stub.read_text() == BAD
    notebook = json.loads((tmp_path / "new/notebooks/basics.ipynb").read_text())
    assert notebook["nbformat"] == 4 and "%load_ext autograder.kata" in str(notebook)
    for wrong in ("README.md", str(Path(__file__).parents[2])):
        done = kata("init", wrong, cwd=tmp_path / "new")
        assert done.returncode == 2 and done.stderr.startswith("kata: ")


def test_init_within_a_workspace_is_about_that_one(kata: Run, space: Workspace) -> None:
    double = space.path(space.course.exercise("double"))
    double.unlink()
    done = kata("init", cwd=double.parent)
    assert done.returncode == 0 and "was a workspace before: 1 exercise added" in done.stdout
    assert double.is_file() and not (double.parent / "kata").exists()
    # Its course is still the one that it was made from.
    assert workspace.find(space.root).course.root == space.course.root
    assert not (space.root / "exercises/ch02_iterators_generators").exists()


def test_notebooks_are_the_lessons(tmp_path: Path) -> None:
    chapter = "ch02_iterators_generators"
    course = outline.load()
    setup.init(tmp_path / "kata", course)
    notebook = json.loads((tmp_path / f"kata/notebooks/{chapter}.ipynb").read_text())
    cells = ["".join(cell["source"]) for cell in notebook["cells"]]
    assert notebook_words.LOAD in cells
    assert any("2.1 The iterator protocol" in text for text in cells)
    for exercise in course.exercises:
        if exercise.chapter == chapter:
            at = cells.index(course.stub(exercise).read_text().rstrip())
            assert cells[at + 1] == f"%check {exercise.id}"
            assert f"### Exercise {exercise.section}: " in cells[at - 1]
            assert f"(`{exercise.id}`)" in cells[at - 1]
    assert not any("hidden" in text and "checks" in text.lower() for text in cells)
    assert not any("BEGIN SOLUTION" in text for text in cells)


def test_notebooks_have_every_cell_of_what_a_class_gets() -> None:
    """One reads lessons without jupytext, and the other with it: they agree."""
    nbformat = pytest.importorskip("nbformat")
    lessons = pytest.importorskip("autograder.authoring.lessons")
    from autograder.kata import notebooks

    course = outline.load()
    made = dict(notebooks.notebooks(course))
    for chapter in course.chapters:
        ours = nbformat.reads(made[f"{chapter.id}.ipynb"], as_version=4)
        nbformat.validate(ours)
        theirs = lessons.notebook(course, chapter)
        # Solutions are cleared later, and the cells with the points are for grading.
        plain = [
            [
                c.source
                for c in book.cells
                if c.cell_type == "markdown" or "nbgrader" not in c.metadata
            ]
            for book in (ours, theirs)
        ]
        assert plain[0] == plain[1]


def test_untouched_stubs_follow_a_newer_course(tmp_path: Path, toy: Course) -> None:
    import shutil

    newer = tmp_path / "course"
    shutil.copytree(toy.root, newer)
    root = tmp_path / "kata"
    setup.init(root, outline.load(newer), str(newer))
    (root / "exercises/basics/stack.py").write_text("mine")
    for id in ("double", "stack"):
        (newer / f"exercises/basics/{id}.py").write_text("# newer\n")
    setup.init(root, outline.load(newer), str(newer))
    assert (root / "exercises/basics/double.py").read_text() == "# newer\n"
    assert (root / "exercises/basics/stack.py").read_text() == "mine"


def test_outside_a_workspace(kata: Run, tmp_path: Path) -> None:
    for arguments in ((), ("list",), ("check", "double"), ("watch",), ("submit",)):
        done = kata(*arguments, cwd=tmp_path)
        assert done.returncode == 2 and "`kata init` makes one" in done.stderr, arguments


def test_where_am_i_and_lists(kata: Run, space: Workspace) -> None:
    inside = space.root / "exercises" / "basics"
    home = kata(cwd=inside).stdout
    assert "0 of 3  Basics" in home and "Next: double, Double (about 2 min)" in home
    assert "kata watch double" in home
    assert "█" not in kata("--plain").stdout
    shown = kata("list", "--chapter", "basic").stdout
    assert [w in shown for w in ("double", "stack", "primes", "10 min")] == [True] * 4
    assert kata("list", "--chapter", "zzz").returncode == 2
    assert kata("next").stdout.startswith("Next: double") and "0 of 3 exercises passed." in home
    shown = kata("show", "stack").stdout
    assert "Do first: double" in shown and "6 points, about 5 minutes" in shown


def test_colours(kata: Run, space: Workspace) -> None:
    assert "\x1b" not in kata("list").stdout  # not a terminal
    assert "\x1b[" in kata("list", env={"FORCE_COLOR": "1"}).stdout
    assert "\x1b" not in kata("list", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout
    narrow = kata("show", "double", env={"COLUMNS": "24"}).stdout
    assert max(map(len, kata("list", env={"COLUMNS": "24"}).stdout.splitlines())) <= 24, narrow


def test_hints_come_one_by_one(kata: Run, space: Workspace) -> None:
    first = kata("hint", "double").stdout
    assert "hint 1 of 1" in first and "1. Twice." in first
    assert "That was the last one." in kata("hint", "double").stdout
    assert space.progress.standing("double").hints == 1


def test_solution_after_passing_or_giving_up(kata: Run, space: Workspace) -> None:
    done = kata("solution", "double")
    assert done.returncode == 1 and "return" not in done.stdout
    write(space, "double", GOOD)
    kata("check", "double")
    done = kata("solution", "double", env={"COLUMNS": "160"})
    assert done.returncode == 0 and "The reference" in done.stdout and "return 2 * x" in done.stdout
    assert "BEGIN SOLUTION" not in done.stdout
    assert not space.progress.standing("double").gave_up
    assert kata("solution", "stack", "--give-up", "--plain").returncode == 0
    assert space.progress.standing("stack").gave_up
    assert kata("solution", "stack").returncode == 0
    assert "solution seen" in kata("list").stdout


def test_reset_keeps_what_it_replaces(kata: Run, space: Workspace) -> None:
    path = write(space, "double", BAD)
    done = kata("reset", "double")
    assert done.returncode == 0 and ".kata/kept/double-" in done.stdout
    (kept,) = (space.folder / "kept").iterdir()
    assert kept.read_text() == BAD and space.is_stub(space.course.exercise("double"))
    write(space, "double", BAD)
    write(space, "stack", "x = 1\n")
    assert kata("reset", "--all").returncode == 1  # nobody there to say yes
    assert path.read_text() == BAD
    assert kata("reset", "--all", "--yes").returncode == 0
    assert len(list((space.folder / "kept").iterdir())) == 3
    assert kata("reset").returncode == 2


def test_reset_says_that_a_pass_is_gone(kata: Run, space: Workspace) -> None:
    write(space, "double", GOOD)
    assert kata("check", "double").returncode == 0
    done = kata("reset", "double")
    assert "It was passed. It counts as not started now." in done.stdout
    assert "It was passed" not in kata("reset", "double").stdout


def test_open(kata: Run, space: Workspace) -> None:
    shown = kata(
        "open",
        "double",
        env={"VISUAL": f"{sys.executable} -c 'print(__import__(\"sys\").argv[1])'"},
    )
    assert shown.stdout.strip() == str(space.path(space.course.exercise("double")))
    done = kata("open", "double", env={"VISUAL": "no-such-editor"})
    assert done.returncode == 2 and "no-such-editor does not start" in done.stderr


def test_progress_export(kata: Run, space: Workspace, tmp_path: Path) -> None:
    write(space, "double", BAD)
    kata("check", "double")
    assert kata("progress", "--export", str(tmp_path / "p.json")).returncode == 0
    data = json.loads((tmp_path / "p.json").read_text())
    assert data["schema"] == 1 and data["exercises"]["double"]["state"] == "tried"
    assert json.loads(kata("progress", "--export", "-").stdout) == data


def test_doctor(kata: Run, space: Workspace) -> None:
    done = kata("doctor", "--plain")
    assert done.returncode == 0 and "Ready: exercises can be checked." in done.stdout


def test_completion(kata: Run, space: Workspace) -> None:
    env = {"_KATA_COMPLETE": "complete_bash", "COMP_WORDS": "kata check d", "COMP_CWORD": "2"}
    code = "from autograder.kata.app import app; app(prog_name='kata', args=[])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=space.root,
        env=environment(**env),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["double"], done.stderr


def test_submit_and_grade(kata: Run, space: Workspace, walls: None, tmp_path: Path) -> None:
    assert "nothing to submit" in kata("submit").stderr
    write(space, "double", GOOD)
    write(space, "stack", "class Stack: pass\n")
    done = kata("submit", "--name", "ann")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "ann.zip is packed: 2 exercises, 1 passed here." in done.stdout
    with zipfile.ZipFile(space.root / "ann.zip") as archive:
        assert archive.namelist() == ["basics/double.py", "basics/stack.py", "kata-submission.json"]
    graded = subprocess.run(
        [
            sys.executable,
            "-m",
            "autograder.cli",
            "grade",
            space.root / "ann.zip",
            "--course",
            space.course.root,
            "--out",
            tmp_path / "out",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert graded.returncode == 0, graded.stderr
    rows = [json.loads(r) for r in (tmp_path / "out/results.jsonl").read_text().splitlines()]
    marks = {r["exercise"]: (r["student"], r["points"]) for r in rows}
    assert marks["double"] == ("ann", 4) and marks["stack"][1] == 0
    write(space, "stack", b"\0\0")
    done = kata("submit", "--name", "ann")
    assert done.returncode == 2 and "not a text file" in done.stderr
    assert sorted(p.name for p in space.root.glob("*.zip")) == ["ann.zip"]


@pytest.mark.parametrize("login", ["root", "jovyan", "vscode"])
def test_a_login_that_many_share_is_no_name(kata: Run, space: Workspace, login: str) -> None:
    write(space, "double", GOOD)
    done = kata("submit", env={"LOGNAME": login})
    assert done.returncode == 2 and login in done.stderr and "--name" in done.stderr
    assert not list(space.root.glob("*.zip"))


def test_a_name_is_asked_for_once_and_kept(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from autograder.kata.student_name import name_of

    monkeypatch.setenv("LOGNAME", "jovyan")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    asked = []
    monkeypatch.setattr("builtins.input", lambda prompt: asked.append(prompt) or "Ann Lee")
    assert name_of(space, None) == "Ann Lee" and asked == ["Your name: "]
    assert name_of(space, None) == "Ann Lee" and len(asked) == 1
    assert name_of(space, "Bo") == "Bo" and name_of(space, None) == "Bo"
    (space.folder / "student.json").write_text("{")
    monkeypatch.setenv("LOGNAME", "ann")
    monkeypatch.setattr("builtins.input", lambda prompt: "")
    assert name_of(space, None) == "ann"
    assert "asks once" in capsys.readouterr().out


def test_class_bundle(kata: Run, bundle: Path) -> None:
    assert workspace.find(bundle / "exercises" / "basics").bundle
    assert "not started" in kata("check", "double", "--plain", cwd=bundle).stdout
    (bundle / "exercises/basics/double.py").write_text(GOOD)
    done = kata("check", "double", cwd=bundle)
    assert done.returncode == 0
    assert "◐ 1 of 1 public check passed." in done.stdout
    words = "1 hidden check will run at grading; so far you have 1 of 4 points."
    assert words in done.stdout and "Next: stack, " in done.stdout
    assert "✓ double" not in (listed := kata("list", cwd=bundle).stdout)
    assert "◐ double" in listed and "1 hidden to come" in listed
    assert "passed so far: double" in kata("list", "--plain", cwd=bundle).stdout
    home = kata(cwd=bundle).stdout
    assert "◐ 1 of 3 exercises passed so far; hidden checks of 1 will run at grading." in home
    (told,) = json.loads(kata("check", "double", "--json", cwd=bundle).stdout)["exercises"]
    assert (told["state"], told["passed"]) == ("public passed", True)
    assert (told["points"], told["max_points"], told["hidden_checks"]) == (1, 4, 1)
    done = kata("solution", "double", "--give-up", cwd=bundle)
    assert done.returncode == 1 and "has no solutions" in done.stdout
    done = kata("submit", "--name", "ann", cwd=bundle)
    assert "1 hidden checks will run at grading." in done.stdout.replace("check w", "checks w")
    assert kata("reset", "double", cwd=bundle).returncode == 0
    assert "NotImplementedError" in (bundle / "exercises/basics/double.py").read_text()
    assert kata("init", str(bundle)).returncode == 2
