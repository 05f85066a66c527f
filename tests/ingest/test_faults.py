"""Downloads that once lost somebody's marks, through `autograde grade`, on the toy course."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ingest.contents import DOUBLE, DOUBLE_WRONG, HTML, RAR, SEVEN_ZIP, STACK
from tests.ingest.packing import Entry, tarred, write_folder, write_zip, zipped
from tests.ingest.running import Run, grade

pytestmark = pytest.mark.usefixtures("walls")

Graded = Callable[..., Run]
RIGHT, MAX = DOUBLE, 4.0
ZIP = zipped({"double.py": RIGHT})
PACKED = zipped({"basics/": b"", "basics/double.py": RIGHT})


@pytest.fixture
def run(tmp_path: Path, db: Path) -> Graded:
    """Grade files given by name and bytes, as a folder or as a zip."""

    def graded(files: dict[str, bytes], *options: str, zip: bool = False) -> Run:
        entries = [Entry(name, data, "") for name, data in files.items()]
        if zip:
            path = write_zip(entries, tmp_path / "bulk.zip")
        else:
            path = write_folder(entries, tmp_path / "submissions")
        return grade(path, tmp_path / "out", *(options or ("--only", "double")), db=db)

    return graded


# -- 04: entries vanish ------------------------------------------------------------------------


ENTRIES = {
    "zoe/double.py": RIGHT,
    "fay.ZIP": ZIP,
    "ann.tar.gz": tarred({"double.py": RIGHT}),
    "dan.tar": tarred({"double.py": RIGHT}, "w"),
    "bob.7z": SEVEN_ZIP,
    "cleo.rar": RAR,
    "gus.zip.txt": ZIP,
    "ida_double.PY": RIGHT,
    "jo_double(1).py": RIGHT,
    "kim_double.py.txt": RIGHT,
    "Lee double - Copy.py": RIGHT,
    "double - Hal Hill.py": RIGHT,
}


def test_no_entry_vanishes(run: Graded) -> None:
    done = run(ENTRIES)
    for name in ENTRIES:
        row = done.row(name)
        assert row["state"] in ("graded", "refused", "not taken")
        assert row["state"] == "graded" or row["reason"], row
    points = done.points()
    for student in ("zoe", "fay", "ann", "dan", "ida", "jo", "kim"):
        assert points[student] == MAX, student
    # What could not be graded is a refused row of its own, or named at the end.
    for name in ("bob.7z", "cleo.rar"):
        assert name in done.said or done.verdict(name.split(".")[0]) == "rejected"
    for name, student in (
        ("Lee double - Copy.py", "Lee"),
        ("double - Hal Hill.py", "Hal Hill"),
        ("gus.zip.txt", "gus"),
    ):
        assert points.get(student) == MAX or name in done.said, name
    assert done.code == 3  # a person should look at the two that are not opened


def test_what_is_beside_students_is_named(run: Graded) -> None:
    beside = ["notes", "double", ".hidden.py", "cem.gz", "dan.tar.xz", "x.doc"]
    done = run(
        {
            "zoe/double.py": RIGHT,
            "yan/double.py": RIGHT,
            **dict.fromkeys(beside, b"\x1f\x8b of no use"),
        }
    )
    for name in beside:
        row = done.row(name)
        assert row["state"] != "graded" and row["reason"]
    assert {s: p for s, p in done.points().items() if p} == {"yan": MAX, "zoe": MAX}
    assert all(done.verdict(s) == "rejected" for s in set(done.students) - {"yan", "zoe"})
    assert done.code == 3 and "x.doc" in done.said and "notes" in done.said


# -- 05: Canvas --------------------------------------------------------------------------------


def test_a_canvas_download(run: Graded) -> None:
    done = run(
        {
            "doejane_12345_678901_double.py": RIGHT,
            "doejane_12345_678902_stack.py": STACK,
            "roerichard_LATE_12346_678903_double.py": RIGHT,
            "limei_12347_678904_double-1.py": RIGHT,
            "smithbob_12348_678905_double (1).py": RIGHT,
            "khanomar_12349_678906_Double.py": RIGHT,
            "weberida_12350_678907_double.PY": RIGHT,
            "kimjo_12351_678908_double.py.txt": RIGHT,
        },
        "--only",
        "double,stack",
    )
    assert done.students == [str(n) for n in range(12345, 12352)]
    assert set(done.points().values()) == {MAX} and done.code == 0
    assert done.points("stack")["12345"] == 4.5
    assert "canvas" in done.said.lower() and "7 students" in done.said
    assert all("late" not in r["name"].lower() for r in done.files)


def test_a_canvas_file_that_is_handed_in_again(run: Graded) -> None:
    done = run(
        {
            "doejane_12345_678909_double-1.py": RIGHT,
            "doejane_LATE_12345_678901_double.py": DOUBLE_WRONG,
            "roe_12346_678903_double.py": RIGHT,
        }
    )
    assert done.points() == {"12345": MAX, "12346": MAX}
    old = done.row("doejane_LATE_12345_678901_double.py")
    assert old["state"] == "not taken" and old["student"] == "12345" and old["reason"]


# -- 06: a zip in a student's folder -----------------------------------------------------------


MOODLE = {
    "Jane Doe_1234567_assignsubmission_file_/jane.zip": PACKED,
    "Jane Doe_1234567_assignsubmission_onlinetext_/onlinetext.html": HTML,
    "Omar Khan_1234568_assignsubmission_file_/double.py": RIGHT,
    unicodedata.normalize("NFD", "Ana García_1234569_assignsubmission_file_/kata.zip"): PACKED,
}


@pytest.mark.parametrize("zip", [False, True])
def test_zips_in_moodle_folders(run: Graded, zip: bool) -> None:
    done = run(MOODLE, zip=zip)
    assert done.points() == {"1234567": MAX, "1234568": MAX, "1234569": MAX}
    assert done.code == 0 and "3 students" in done.said
    row = done.row("Jane Doe_1234567_assignsubmission_onlinetext_/onlinetext.html")
    assert row["student"] == "1234567" and row["state"] == "not taken"


def test_zips_in_other_folders(run: Graded) -> None:
    done = run(
        {
            "student1/submission.zip": ZIP,
            "student2/double.py": RIGHT,
            "student4/submission.zip": zipped({"hw/": b"", "hw/double.py": RIGHT}),
            "student5/work.tar.gz": tarred({"hw/double.py": RIGHT}),
            "student6/some_file.txt": b"double(x) = 2 x\n",
            "student7/work.7z": SEVEN_ZIP,
            "student8/work.zip": b"PK\3\4 cut off",
        }
    )
    right = {s: p for s, p in done.points().items() if p}
    assert right == dict.fromkeys(("student1", "student2", "student4", "student5"), MAX)
    assert done.verdict("student6") == "not attempted" and "some_file.txt" in done.words("student6")
    assert done.verdict("student7") == "rejected" and "work.7z" in done.words("student7")
    assert done.verdict("student8") == "rejected" and "work.zip" in done.words("student8")


# -- 07: a class collapses into one ------------------------------------------------------------


def test_a_template_beside_the_students(run: Graded) -> None:
    done = run(
        {
            "double.py": DOUBLE_WRONG,
            **{f"{name}/double.py": RIGHT for name in ("ann", "bob", "cem")},
        }
    )
    assert {s: done.points().get(s) for s in ("ann", "bob", "cem")} == dict.fromkeys(
        ("ann", "bob", "cem"), MAX
    )
    assert done.row("double.py")["state"] != "graded" and "double.py" in done.said
    assert done.code == 3


def test_what_may_be_a_student_is_one_or_is_named(run: Graded) -> None:
    names = ["Basics/double.py", "ann_double_final.py"]
    done = run({"bob/double.py": RIGHT, "cem/double.py": RIGHT, **dict.fromkeys(names, RIGHT)})
    for name in names:
        row = done.row(name)
        assert row["state"] == "graded" or (done.code == 3 and name.split("/")[0] in done.said)
    assert done.points()["bob"] == MAX


@pytest.mark.parametrize(("top", "zip"), [("HW2_export", True), ("a/b", False)])
def test_one_folder_too_many(run: Graded, top: str, zip: bool) -> None:
    done = run({f"{top}/ann/double.py": RIGHT, f"{top}/bob/double.py": DOUBLE_WRONG}, zip=zip)
    assert done.points() == {"ann": MAX, "bob": 0.0} and done.code == 0


def test_a_gradescope_export_that_knows_half_of_them(run: Graded) -> None:
    top = "assignment_55_export"
    known = (
        "submission_216537555:\n  :submitters:\n  - :name: Jane Doe\n"
        '    :sid: "00012345"\n    :email: jane@example.edu\n'
    )
    done = run(
        {
            f"{top}/submission_216537555/double.py": RIGHT,
            f"{top}/submission_216537555/.DS_Store": b"\0\0\0\1Bud1",
            f"{top}/submission_216667716/hw/basics/double.py": RIGHT,
            f"{top}/.DS_Store": b"\0\0\0\1Bud1",
            f"{top}/submission_metadata.yml": known.encode(),
        }
    )
    points = done.points()
    assert len(points) == 2 and set(points.values()) == {MAX} and points["00012345"] == MAX
    (other,) = set(points) - {"00012345"}
    assert "216667716" in other


# -- 08: wide spaces ---------------------------------------------------------------------------


NAMES = [
    "山田\u3000太郎",
    "ann\u00a0lee",
    "علی\u200cرضا نوری",
    "क्\u200dषमा",
    "Zoë O'Brien",
    "Lee, Ann",
    "Omar [Omi] (he)",
    "=1+1",
    "x" * 200,
    "O\u2019Neil",
]


def test_names_are_kept(run: Graded) -> None:
    done = run({f"{name}/double.py": RIGHT for name in NAMES})
    assert done.students == sorted(NAMES)
    assert set(done.points().values()) == {MAX}


def test_one_name_in_two_ways_of_writing_is_two_folders(run: Graded) -> None:
    """Nobody is lost where two names differ in their composition only."""
    nfd = unicodedata.normalize("NFD", "Zoë")
    done = run({"Zoë/double.py": RIGHT, f"{nfd}/double.py": DOUBLE_WRONG, "bob/double.py": RIGHT})
    states = [r["state"] for r in done.files if r["path"].endswith("double.py")]
    assert len(states) == 3 and "" not in states
    assert len(done.students) == 3 or "Zoë" in done.said


# -- 12: attempts ------------------------------------------------------------------------------


BLACKBOARD = {
    "HW2_jdoe_attempt_2024-03-02-09-00-00_double.py": RIGHT,
    "HW2_jdoe_attempt_2024-03-02-09-00-00.txt": b"Name: Jane Doe (jdoe)\n",
    "HW2_jdoe_attempt_2024-03-01-10-11-12_double.py": DOUBLE_WRONG,
    "HW2_jdoe_attempt_2024-03-01-10-11-12.txt": b"Name: Jane Doe (jdoe)\n",
    "HW2_okhan_attempt_2024-03-01-10-11-12_double.py": RIGHT,
    "HW2_okhan_attempt_2024-03-01-10-11-12.txt": b"Name: Omar Khan (okhan)\n",
}
BRIGHTSPACE = {
    "12345-67890 - Jane Doe - Mar 1, 2024 1011 AM/double.py": DOUBLE_WRONG,
    "12345-67890 - Jane Doe - Mar 2, 2024 900 AM/double.py": RIGHT,
    "12346-67890 - Omar Khan - Mar 1, 2024 1011 AM/double.py": RIGHT,
    "index.html": b"<html></html>",
}


@pytest.mark.parametrize(
    ("files", "jane", "omar"),
    [(BLACKBOARD, "jdoe", "okhan"), (BRIGHTSPACE, "12345", "12346")],
    ids=["blackboard", "brightspace"],
)
def test_the_latest_attempt_counts(
    run: Graded, files: dict[str, bytes], jane: str, omar: str
) -> None:
    done = run(files)
    assert done.points() == {jane: MAX, omar: MAX} and done.code == 0
    first = next(name for name, data in files.items() if data == DOUBLE_WRONG)
    row = done.row(first)
    assert (row["student"], row["state"]) == (jane, "not taken") and "attempt" in row["reason"]


def test_the_first_attempt_counts_where_it_is_asked_for(run: Graded) -> None:
    done = run(BLACKBOARD, "--only", "double", "--attempt", "first")
    assert done.points() == {"jdoe": 0.0, "okhan": MAX}


def test_noon_and_midnight(run: Graded) -> None:
    head = "7-9 - Ann Lee - Mar 1, 2024"
    done = run(
        {
            f"{head} 1205 AM/double.py": DOUBLE_WRONG,
            f"{head} 1159 AM/double.py": DOUBLE_WRONG + b"# later\n",
            f"{head} 1201 PM/double.py": RIGHT,
            "8-9 - Bob Roe - Feb 28, 2024 100 PM/double.py": RIGHT,
        }
    )
    assert done.points() == {"7": MAX, "8": MAX}


def test_one_student_in_three_shapes(run: Graded) -> None:
    """One row, with equal texts; with different ones, a word of what was not taken."""
    same = {"ann/double.py": RIGHT, "ann.zip": ZIP, "ann_double.py": RIGHT, "bob/double.py": RIGHT}
    done = run(same)
    assert done.points() == {"ann": MAX, "bob": MAX} or (
        len(done.students) > 2 and "ann" in done.said
    )
    for name in same:
        assert done.row(name)["state"]
