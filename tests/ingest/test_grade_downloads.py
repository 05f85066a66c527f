"""`autograde grade` on a download: what it says, its files and its exit codes."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder.commands import recognised
from autograder.errors import KataError
from autograder.ingest.enrolling import enrol
from autograder.ingest.roster import RosterError, load
from autograder.ingest.submissions import take
from autograder.outline import Course
from tests.in_process import autograde

GOOD = "def double(x):\n    return 2 * x\n"
ROSTER = """Student,ID,SIS Login ID,Section
    Points Possible,,,
"Doe, Jane",12345,jdoe,Mon
"Roe, Rich\u0430rd",12346,rroe,Mon
"Day, Bob",12347,bday,Tue
"""


def grade(toy: Course, *arguments: str | Path) -> Any:
    options = ("--course", toy.root, "--only", "double", "--jobs", "1")
    return autograde("grade", *options, *arguments)


def lay(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(GOOD)
    return root


def rows(path: Path, key: str) -> dict[str, dict[str, str]]:
    with path.open(newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


@pytest.mark.usefixtures("walls")
def test_a_canvas_class_with_its_roster(tmp_path: Path, toy: Course) -> None:
    root = lay(
        tmp_path / "class",
        "doejane_12345_1_double.py",
        "doejane_12345_2_double-1.py",
        "roerichard_LATE_12346_3_double.py",
        "zed_99_4_double.py",
        "lost.py",
        ".DS_Store",
    )
    (tmp_path / "roster.csv").write_text(ROSTER)
    out = tmp_path / "out"
    done = grade(toy, root, "--out", out, "--roster", tmp_path / "roster.csv")
    assert done.exit_code == 3, done.output
    assert "Canvas download: 3 students, 1 of them with two attempts" in done.stdout
    assert "Doe, Jane (12345): upload 2 of 2 was taken, not upload 1 of 2" in done.stdout
    assert "Late: Roe, Rich\u0430rd (12346)." in done.stdout
    assert "Roster (Canvas): 3 students, 1 with nothing handed in" in done.stdout
    assert "Nothing handed in: Day, Bob (12347)." in done.stdout
    assert "Not on the roster: zed (99)." in done.stdout
    assert "files.csv: 6 entries, 3 graded, 0 refused, 3 not taken" in done.stdout
    assert "NOT GRADED: 1 entry that may be a student's work" in done.stderr
    assert "lost.py: " in done.stderr and ".DS_Store" not in done.stderr
    grades = rows(out / "grades.csv", "student")
    assert list(grades) == ["12345", "12346", "12347", "99"]
    assert [row["double"] for row in grades.values()] == ["4", "4", "0", "4"]
    assert [r["submission"] for r in grades.values()] == ["", "late", "nothing handed in", ""]
    assert grades["12345"]["name"] == "Doe, Jane" and grades["12345"]["section"] == "Mon"
    files = rows(out / "files.csv", "path")
    assert files["doejane_12345_1_double.py"]["reason"].startswith("another attempt")
    assert files["doejane_12345_2_double-1.py"]["exercise"] == "double"
    assert rows(out / "students.csv", "student")["12345"]["attempt"] == "2 of 2"
    assert rows(out / "students.csv", "student")["12345"]["time"] == ""  # Canvas tells no time
    page = (out / "feedback" / "12345.html").read_text()
    assert "Doe, Jane (12345)" in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["class", "--from", "canvas"], "--from canvas expects files named <name>_<user id>"),
        (["class.zip", "--from", "canvas"], "It holds ann."),
        (["class", "--from", "martian"], "--from must be one of canvas, moodle"),
        (["class", "--attempt", "best"], "--attempt must be one of latest, first"),
        (["class", "--roster", "nowhere.csv"], "nowhere.csv cannot be read"),
        (["class", "--roster", "bad.csv"], "bad.csv, line 1: no heading says"),
        (["other"], "nothing in it answers an exercise of 'A toy course', such as double.py"),
        (["other"], "It holds ann/essay.txt, bob/essay.txt."),
    ],
)
def test_what_cannot_be_used_exits_2(
    tmp_path: Path, toy: Course, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    lay(tmp_path, "class/ann/double.py", "other/ann/essay.txt", "other/bob/essay.txt")
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    shutil.make_archive("class", "zip", "class")
    done = grade(toy, *arguments, "--unsafe-no-sandbox")
    assert done.exit_code == 2
    assert words in " ".join(done.stderr.split()) and not (tmp_path / "out").exists()


@pytest.mark.parametrize(("id", "wrong"), [("900", True), ("12346", False)])
def test_the_roster_of_another_class_is_told(
    tmp_path: Path, toy: Course, id: str, wrong: bool
) -> None:
    from rich.console import Console

    root = lay(tmp_path / "class", "doejane_12345_1_double.py", "roerich_12346_2_double.py")
    (tmp_path / "roster.csv").write_text(f"id,name\n{id},Somebody\n")
    taken = take(root, toy, toy.exercises)
    roster = load(tmp_path / "roster.csv")
    console = Console(record=True, width=300)
    made = enrol(roster, taken.submissions, toy.exercises)
    if wrong:
        with pytest.raises(RosterError, match="none of the 2 students is on the roster"):
            recognised.say_roster(console, roster, taken, made)
    else:
        recognised.say_roster(console, roster, taken, made)
        assert "Roster: 1 student\n" in console.export_text()


def test_the_course_of_an_nbgrader_folder(
    tmp_path: Path, toy: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rich.console import Console

    from autograder.commands.which_course import course_of

    root = lay(tmp_path / "nb", "submitted/ann/basics/x.py")
    (root / "nbgrader_config.py").write_text(f"c.KataGrading.course = {str(toy.root)!r}\n")
    console = Console(record=True, width=300)
    monkeypatch.chdir(root)
    for given, gradebook in ((root, None), (Path("submitted"), None), (Path("x"), Path())):
        assert course_of(None, given, gradebook, console).title == toy.title
    assert "nbgrader_config.py)" in console.export_text()
    assert course_of(None, root / "submitted" / "ann", None, console).title != toy.title
    assert course_of(toy.root, tmp_path, None, console).title == toy.title


def test_a_course_that_came_with_the_submissions_is_not_run(tmp_path: Path) -> None:
    from rich.console import Console

    from autograder.commands.which_course import course_of

    root = lay(tmp_path / "ann", "submitted/x.py", "evil/outline.toml")
    (root / "nbgrader_config.py").write_text("c.KataGrading.course = 'evil'\n")
    with pytest.raises(KataError, match="within its own folder, evil"):
        course_of(None, root, None, Console())
