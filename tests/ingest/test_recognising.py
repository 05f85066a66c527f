"""Which layout a download has, whose its entries are, and which attempt counts."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from autograder.ingest.submissions import Submission, SubmissionsError, Taken, take
from autograder.model import Verdict
from autograder.outline import Course

GOOD = "def double(x):\n    return 2 * x\n"
OLD = "def double(x):\n    return 3 * x\n"


def lay(root: Path, *names: str, text: str = GOOD, **others: str) -> Path:
    """Files of these names under ``root``, each with a text of its own."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir()
        else:
            path.write_text(f"{text}# {name}\n")
    return root


def zipped(path: Path, *names: str, text: str = GOOD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, f"{text}# {name}\n")
    return path


def taken(root: Path, toy: Course, **options: str) -> Taken:
    return take(root, toy, toy.exercises, **options)


def by_id(found: Taken) -> dict[str, Submission]:
    return {s.student: s for s in found.submissions}


def right(found: Taken) -> list[str]:
    """Students whose answer to ``double`` was taken."""
    return [s.student for s in found.submissions if s.answers["double"].source]


def comment(submission: Submission) -> str:
    """The name of the file that the answer to ``double`` was taken from."""
    source = submission.answers["double"].source
    assert source is not None
    return source.decode().rpartition("# ")[2].strip()


def test_canvas(tmp_path: Path, toy: Course) -> None:
    lay(
        tmp_path,
        "doejane_12345_901_double.py",
        "doejane_12345_902_stack.py",
        "roerich_LATE_12346_903_double.py",
        "limei_12347_904_double-1.py",
        "limei_12347_907_double-2.py",
        "khan_12349_906_Double (1).PY",
        "oli_12350_text.html",
        "anon_x1Y2z_911_double.py",
        "unnamed.py",
        ".DS_Store",
    )
    found = taken(tmp_path, toy)
    assert found.layout == "canvas"
    people = by_id(found)
    assert list(people) == ["12345", "12346", "12347", "12349", "12350", "x1Y2z"]
    assert right(found) == ["12345", "12346", "12347", "12349", "x1Y2z"]
    assert people["12345"].name == "doejane" and people["12345"].answers["stack"].source
    assert [s.student for s in found.submissions if s.late] == ["12346"]
    assert people["12346"].name == "roerich"
    assert comment(people["12347"]) == "limei_12347_907_double-2.py"
    assert people["12347"].attempt == 2 and len(people["12347"].others) == 1
    assert "only text typed into Canvas" in people["12350"].answers["double"].message
    assert [s.path for s in found.strays if s.look] == ["unnamed.py"]
    first = taken(tmp_path, toy, pick="first")
    assert comment(by_id(first)["12347"]) == "limei_12347_904_double-1.py"


def test_canvas_archives_of_one_student_are_not_mistaken_for_versions(
    tmp_path: Path, toy: Course
) -> None:
    lay(tmp_path, "ann_1_2_double.py")
    for number, name in enumerate(("hw-1.zip", "hw-2.zip"), 3):
        zipped(tmp_path / f"ann_1_{number}_{name}", "x.py")
    (one,) = taken(tmp_path, toy).submissions
    assert not one.others
    zipped(tmp_path / "ann_1_9_hw.zip", "x.py")
    (one,) = taken(tmp_path, toy).submissions
    assert len(one.others) == 2  # hw.zip was handed in last, after two others of that name


@pytest.mark.parametrize("end", ["", "_"])
def test_moodle(tmp_path: Path, toy: Course, end: str) -> None:
    lay(
        tmp_path,
        f"Ana García_11_assignsubmission_file{end}/double.py",
        f"Jane Doe_12_assignsubmission_file{end}/basics/double.py",
        f"Jane Doe_12_assignsubmission_onlinetext{end}/onlinetext.html",
        f"Jane Doe_13_assignsubmission_onlinetext{end}/onlinetext.html",
        "Omar_Khan_14_assignsubmission_file_double.py",
        "Participant_15_assignsubmission_file_/double.py",
    )
    found = taken(tmp_path, toy)
    assert found.layout == "moodle"
    assert {s.student: s.name for s in found.submissions} == {
        "11": "Ana García",
        "12": "Jane Doe",
        "13": "Jane Doe",
        "14": "Omar_Khan",
        "15": "Participant",
    }
    assert right(found) == ["11", "12", "14", "15"]
    assert "only text typed into Moodle" in by_id(found)["13"].answers["double"].message


def test_blackboard(tmp_path: Path, toy: Course) -> None:
    lay(
        tmp_path,
        "HW_2_j_doe_attempt_2024-03-01-10-11-12_double.py",
        "HW_2_j_doe_attempt_2024-03-02-09-00-00_double.py",
        "HW_2_j_doe_attempt_2024-03-02-09-00-00.txt",
        "HW_2_a_doe_attempt_2024-03-01-10-11-12_double.py",
        "HW_2_khan_attempt_2024-03-03-10-11-12.txt",
    )
    found = taken(tmp_path, toy)
    assert found.layout == "blackboard"
    people = by_id(found)
    assert list(people) == ["a_doe", "j_doe", "khan"] and right(found) == ["a_doe", "j_doe"]
    assert people["j_doe"].time == "2024-03-02 09:00:00"
    assert people["j_doe"].others == ("2024-03-01 10:11:12",)
    assert "Other attempts" in people["j_doe"].answers["stack"].message
    first = by_id(taken(tmp_path, toy, pick="first"))["j_doe"]
    assert first.time == "2024-03-01 10:11:12"


def test_blackboard_attempts_without_a_file_take_no_marks_away(tmp_path: Path, toy: Course) -> None:
    lay(
        tmp_path,
        "HW_doe_attempt_2024-03-01-10-11-12_double.py",
        "HW_doe_attempt_2024-03-02-10-11-12.txt",
    )
    assert right(taken(tmp_path, toy)) == ["doe"]


def test_brightspace(tmp_path: Path, toy: Course) -> None:
    lay(
        tmp_path,
        "12-67 - Jane Doe - Mar 1, 2024 1011 AM/double.py",
        "12-67 - Jane Doe - Mar 1, 2024 1205 PM/double.py",
        "13-67 - Anne-Marie Øst - Mar 29, 2018 1205\u202fAM - double.py",
        "14-67 - Li - 29 مارس 2018 12.05 - double.py",
        "index.html",
    )
    found = taken(tmp_path, toy)
    assert found.layout == "brightspace"
    people = by_id(found)
    assert {k: s.name for k, s in people.items()} == {
        "12": "Jane Doe",
        "13": "Anne-Marie Øst",
        "14": "Li",
    }
    assert people["12"].time == "2024-03-01 12:05" and people["13"].time == "2018-03-29 00:05"
    assert right(found) == ["12", "13", "14"]
    assert any("could not be read" in note for note in found.notes)


METADATA = """---
submission_1:
  :submitters:
  - :name: Jane Doe
    :sid: "00012"
    :email: jane@x.edu
  - :name: "Zo\\xEB O'Neil"
    :sid: 00013
    :email: zoe@x.edu
  :created_at: 2024-03-01 10:11:12.000 Z
  :score: 3.0
  :history:
  - :submitters:
    - :name: somebody else
      :sid: 99
submission_2:
  :submitters:
  - :name: Jane Doe
    :sid:
    :email: JANE@x.edu
  :created_at: 2024-03-02 10:11:12.000 Z
submission_3:
  :submitters: []
"""


def test_gradescope(tmp_path: Path, toy: Course) -> None:
    export = lay(
        tmp_path / "assignment_5_export",
        "submission_1/double.py",
        "submission_2/hw/double.py",
        "submission_3/double.py",
        "submission_4/double.py",
    )
    (export / "submission_metadata.yml").write_text(METADATA)
    found = taken(tmp_path, toy)
    assert found.layout == "gradescope"
    people = by_id(found)
    assert list(people) == ["00012", "00013", "submission_3", "submission_4"]
    assert people["00012"].name == "Jane Doe" and people["00013"].name == "Zoë O'Neil"
    assert people["00013"].email == "zoe@x.edu"
    assert comment(people["00012"]) == "submission_2/hw/double.py"
    assert people["00012"].others == ("2024-03-01 10:11",)
    assert people["00013"].group == ("00012", "00013")
    assert any("1 of 4 submissions" in note for note in found.notes)
    assert len({row.path for row in found.rows}) == len(found.rows)


def test_classroom(tmp_path: Path, toy: Course) -> None:
    names = [f"cs101-hw-2-{user}" for user in ("j-doe", "khan", "li")]
    lay(tmp_path, *(f"{name}/double.py" for name in names))
    found = taken(tmp_path, toy)
    assert found.layout == "classroom" and right(found) == ["j-doe", "khan", "li"]
    two = lay(tmp_path / "two", "hw-ann/double.py", "hw-bob/double.py")
    assert right(taken(two, toy)) == ["hw-ann", "hw-bob"]
    assert right(taken(two, toy, source="classroom")) == ["ann", "bob"]


def test_nbgrader(tmp_path: Path, toy: Course) -> None:
    lay(
        tmp_path,
        "nbgrader_config.py",
        "source/basics/double.py",
        "release/basics/double.py",
        "submitted/ann/basics/double.py",
        "submitted/Zoe\u0308/basics/double.py",
    )
    for path in (tmp_path, tmp_path / "submitted"):
        found = taken(path, toy)
        assert found.layout == "nbgrader"
        assert right(found) == ["Zoe\u0308", "ann"]  # as nbgrader calls them
    assert not [s for s in taken(tmp_path, toy).strays if s.work]


def test_from_forces_a_layout_or_says_its_rule(tmp_path: Path, toy: Course) -> None:
    lay(tmp_path, "ann_1_2_double.py", "bob/double.py", "cem/double.py", "dan/double.py")
    assert right(taken(tmp_path, toy, source="folders")) == ["ann_1_2", "bob", "cem", "dan"]
    with pytest.raises(SubmissionsError, match="--from moodle expects folders named"):
        taken(tmp_path, toy, source="moodle")


# -- one or several ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "beside",
    [
        "double.py",
        "basics/double.py",
        "template/double.py",
        "source/basics/double.py",
        "basics.ipynb",
        "double-1.py",
    ],
)
def test_a_class_with_something_beside_it(tmp_path: Path, toy: Course, beside: str) -> None:
    lay(tmp_path, "ann/double.py", "bob/basics/double.py", "cem/deep/double.py", beside)
    found = taken(tmp_path, toy)
    assert right(found) == ["ann", "bob", "cem"]
    assert [s.path for s in found.strays] == [beside.partition("/")[0]]


@pytest.mark.parametrize("steps", ["HW2", "a/b/c", "week 3/2024 export"])
def test_wrappers_are_passed_and_said(tmp_path: Path, toy: Course, steps: str) -> None:
    lay(tmp_path / steps, "ann/double.py", "bob/double.py", "readme.txt")
    lay(tmp_path, "__MACOSX/ann/._double.py", "Thumbs.db")
    found = taken(tmp_path, toy)
    assert right(found) == ["ann", "bob"]
    assert any("are in the folder" in note for note in found.notes)
    assert {s.path for s in found.strays} >= {"__MACOSX", "Thumbs.db", f"{steps}/readme.txt"}
    assert not [s for s in found.strays if s.work]


def test_one_student_with_folders_of_their_own(tmp_path: Path, toy: Course) -> None:
    for name in ("mine", "old", "exercises", "attempt 1"):
        root = lay(tmp_path / name / "ann", f"{name}/double.py", "notes.md")
        lay(root, "template/stack.py")
        assert [s.student for s in taken(root, toy).submissions] == ["ann"]
        assert [s.student for s in taken(root.parent, toy).submissions] == ["ann"]


def test_sections_and_chapters(tmp_path: Path, toy: Course) -> None:
    lay(
        tmp_path, "Mon/ann/double.py", "Mon/bob/double.py", "Tue/cem/double.py", "Tue/dan/double.py"
    )
    found = taken(tmp_path, toy)
    assert right(found) == ["ann", "bob", "cem", "dan"]
    assert any("Mon, Tue" in note for note in found.notes)
    weeks = lay(
        tmp_path / "w",
        "week1/ann/double.py",
        "week1/bob/double.py",
        "week2/ann/stack.py",
        "week2/bob/stack.py",
    )
    both = taken(weeks, toy)
    assert right(both) == ["ann", "bob"]
    assert all(s.answers["stack"].source for s in both.submissions)


def test_several_entries_of_one_student(tmp_path: Path, toy: Course) -> None:
    lay(tmp_path, "ann/double.py", "ann_stack.py", "bob_double.py", "bob_double (1).py")
    zipped(tmp_path / "cem.zip", "double.py", text=OLD)
    lay(tmp_path, "cem/double.py")
    os.utime(tmp_path / "cem.zip", (1e9, 1e9))
    found = by_id(taken(tmp_path, toy))
    assert list(found) == ["ann", "bob", "cem"]
    assert not found["ann"].others and found["ann"].answers["stack"].source
    assert comment(found["bob"]) == "bob_double (1).py"
    assert comment(found["cem"]) == "cem/double.py" and len(found["cem"].others) == 1


def test_loose_names(tmp_path: Path, toy: Course) -> None:
    names = [
        "ida_double.PY",
        "jo_double(1).py",
        "kim_double.py.txt",
        "Lee double - Copy.py",
        "double - Hal Hill.py",
        "Mae-Double-1.py",
    ]
    lay(tmp_path, *names)
    found = taken(tmp_path, toy)
    assert sorted(right(found)) == ["Hal Hill", "Lee", "Mae", "ida", "jo", "kim"]
    assert not found.strays


def test_nobody_is_lost(tmp_path: Path, toy: Course) -> None:
    lay(tmp_path, "ann/double.py", "bob.7z", "cleo.rar", "what.py", "notes.pdf", "dan/")
    (tmp_path / "eve").symlink_to(tmp_path / "ann")
    found = taken(tmp_path, toy)
    people = by_id(found)
    assert list(people) == ["ann", "bob", "cleo", "dan", "eve"]
    assert "7z archive" in people["bob"].answers["double"].message
    assert people["eve"].answers["double"].verdict is Verdict.REJECTED
    assert {s.path: s.work for s in found.strays} == {"what.py": True, "notes.pdf": False}


@pytest.mark.parametrize(
    "name", ["山田\u3000太郎", "ann\u00a0lee", "علی\u200cرضا", " ann ", "ann."]
)
def test_names_stay_as_they_are(tmp_path: Path, toy: Course, name: str) -> None:
    lay(tmp_path, f"{name}/double.py")
    (one,) = taken(tmp_path, toy).submissions
    assert one.student == one.name == name


def test_names_that_look_alike_and_are_two(tmp_path: Path, toy: Course) -> None:
    lay(tmp_path, "a\x07b/double.py", "a\x08b/double.py", "Zoe\u0308/double.py")
    assert right(taken(tmp_path, toy)) == ["Zo\u00eb", "a\ufffdb", "a\ufffdb (2)"]


def test_what_fits_nothing(tmp_path: Path, toy: Course) -> None:
    lay(tmp_path, "etc/passwd", "opt/readme.md", "usr/lib/x.py")
    assert not taken(tmp_path, toy).fits
    lay(tmp_path, "var/Double (2).py")
    assert taken(tmp_path, toy).fits
