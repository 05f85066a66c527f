"""What goes into the gradebook is what was graded, under the student's own name, or nothing."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path

import pytest

pytest.importorskip("nbgrader")

from autograder.gradebook import filing, timestamps
from autograder.outline import Course
from tests.notebooks.books import BAD, GOOD, answered, cell_of, save
from tests.notebooks.test_gradebook import CHAPTER, autograde, gradebook, marks

pytestmark = pytest.mark.usefixtures("walls")

TWICE = "from helper import twice\n\n\ndef double(x):\n    return twice(x)\n"
LATE = "cy [late] *?"


def write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "double.py").write_text(text)
    return folder


@pytest.fixture(scope="module")
def course_folder(toy: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("course") / "nbgrader"
    autograde(
        "release", root.parent / "bundle", "--root", root, "--course", toy.root, cwd=root.parent
    )
    return root


def test_answers_in_files_get_into_the_gradebook(course_folder: Path, toy: Course) -> None:
    root, files = course_folder, course_folder.parent / "files"
    (write(files / "ann", TWICE) / "timestamp.txt").write_text("2024-03-02 10:00:00 UTC\n")
    (files / "ann" / "helper.py").write_text("def twice(x):\n    return 2 * x\n")
    write(files / "bob", GOOD)
    write(files / LATE, GOOD)
    write(files / "dee", "x = 1\0\n")
    submitted = root / "submitted"
    book = f"{CHAPTER}/{CHAPTER}.ipynb"
    save(answered(toy, double=BAD), submitted / "bob" / book)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with gradebook(root) as database:
            database.update_or_create_assignment(CHAPTER, duedate="2024-03-01 23:00:00 UTC")

    done = autograde(
        "grade",
        files,
        "--gradebook",
        root,
        "--course",
        toy.root,
        "--out",
        root / "out",
        cwd=root,
        ok=False,
    )
    assert done.returncode == 3 and "Traceback" not in done.stderr
    assert "2 notebooks in the gradebook" in done.stdout
    assert "Nothing to enter for dee: basics: double.py holds" in done.stdout
    (line,) = done.stderr.splitlines()
    assert line.startswith("NOT IN THE GRADEBOOK: bob: submitted/bob/basics/basics.ipynb holds")
    assert "an answer to double other than" in line
    mine = marks(root)
    assert {s: mine[s, "double-checks"].auto for s, _ in mine} == {"ann": 4, LATE: 4}
    made = json.loads((submitted / "ann" / book).read_text())
    assert "".join(cell_of(made, "double")["source"]) == TWICE.rstrip()
    assert (submitted / "ann" / CHAPTER / "helper.py").is_file()
    theirs = json.loads((submitted / "bob" / book).read_text())
    assert "".join(cell_of(theirs, "double")["source"]) == BAD  # as it was handed in
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with gradebook(root) as database:
            ann = database.find_submission_notebook(CHAPTER, CHAPTER, "ann")
            assert ann.late_submission_penalty == pytest.approx(0.4)


def test_a_chapter_in_part_is_refused_before_anything_is_graded(
    course_folder: Path, toy: Course, tmp_path: Path
) -> None:
    write(tmp_path / "class" / "ann", GOOD)
    done = autograde(
        "grade",
        "class",
        "--only",
        "double",
        "--gradebook",
        course_folder,
        "--course",
        toy.root,
        cwd=tmp_path,
        ok=False,
    )
    assert done.returncode == 2 and "only a part: basics (double)" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("ann", True),
        (LATE, True),
        ("o'brien", True),
        (".ann", True),
        ("a%20b{c}", True),
        ("", False),
        ("..", False),
        ("a/b", False),
        ("a\nb", False),
        ("a\ufffdb", False),
        ("a\u202eb", False),
        ("a\x1bb", False),
    ],
)
def test_names(name: str, good: bool) -> None:
    assert filing.storable(name) is good


def test_the_time_of_a_submission(tmp_path: Path) -> None:
    ann = write(tmp_path / "ann", GOOD)
    stamp = ann / CHAPTER / timestamps.TIMESTAMP
    assert timestamps.handed_in(tmp_path, "ann", CHAPTER) == b""
    os.utime(ann / "double.py", (1_700_000_000, 1_700_000_000))
    written = timestamps.handed_in(tmp_path, "ann", CHAPTER, file_times=True)
    assert written == b"2023-11-14 22:13:20 UTC\n"
    (ann / timestamps.TIMESTAMP).write_text("2024-01-02 03:04:05 UTC")
    assert timestamps.handed_in(tmp_path, "ann", CHAPTER, file_times=True).startswith(b"2024")
    assert timestamps.handed_in(ann, "ann", CHAPTER).startswith(b"2024-01-02")
    stamp.parent.mkdir()
    stamp.write_text("2025-01-02 03:04:05 UTC")
    assert timestamps.handed_in(tmp_path, "ann", CHAPTER).startswith(b"2025")
    stamp.write_text("yesterday, I think")
    with pytest.raises(ValueError, match="yesterday"):
        timestamps.handed_in(tmp_path, "ann", CHAPTER)
    stamp.unlink()
    stamp.symlink_to("/etc/passwd")
    with pytest.raises(ValueError, match="symbolic link"):
        timestamps.handed_in(tmp_path, "ann", CHAPTER)
