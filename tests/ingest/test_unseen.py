"""Downloads that differ from those of the other tests in one thing: nobody is lost in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from autograder.commands import recognised
from autograder.ingest.enrolling import enrol
from autograder.ingest.roster import Person, Roster, RosterError
from autograder.ingest.submissions import take
from autograder.outline import Course
from autograder.report import people
from tests.ingest.contents import notebook
from tests.ingest.one import GOOD, OTHER, lay, zipped

WRONG = b"def double(x):\n    return x + 1\n"
BLACKBOARD = "_attempt_2026-10-05-12-00-00_"


@dataclass(frozen=True, slots=True)
class Case:
    """A download, and the text of ``double`` that each student is to be graded with."""

    id: str
    files: dict[str, bytes]
    right: dict[str, bytes | None]
    layout: str = ""
    zip: bool = False
    look: tuple[str, ...] = ()
    """What a person is asked to look at."""


def _brightspace(id: str, first: str, second: str, **kind: Any) -> Case:
    """One student with two attempts, the second of which counts, and another."""
    files = {
        f"12-67 - Jane Doe - {first}/double.py": WRONG,
        f"12-67 - Jane Doe - {second}/double.py": GOOD,
        f"13-67 - Li - {second}/double.py": OTHER,
    }
    return Case(f"brightspace-{id}", files, {"12": GOOD, "13": OTHER}, "brightspace", **kind)


def _prefixed(name: str) -> Case:
    """Students' folders that begin like a folder of homework."""
    first, second = f"{name}ann", f"{name}bob"
    files = {f"{first}/double.py": GOOD, f"{second}/double.py": WRONG}
    return Case(f"prefixed-{name}", files, {first: GOOD, second: WRONG}, "folders")


CASES = [
    Case(
        "canvas-teams",
        {
            "team_4_20345_1234567_double.py": GOOD,
            "team_5_LATE_20346_1234568_double.py": OTHER,
            "roe_20347_1234569_2024_11_double.py": GOOD,
        },
        {"20345": GOOD, "20346": OTHER, "20347": GOOD},
        "canvas",
    ),
    Case(
        "canvas-short-ids",
        {"doe_4_2034_1234567_double.py": GOOD, "roe_5_2035_double.py": OTHER},
        {"4": GOOD, "5": OTHER},
        "canvas",
    ),
    Case(
        "moodle-plugins",
        {
            "Ann_1_assignsubmission_codehandin/double.py": GOOD,
            "Bo_2_assignsubmission_/double.py": OTHER,
            "Cy_3_assignsubmission_onlinetext.html": b"<p>",
            "Di_4_assignsubmission_file_double.py": GOOD,
        },
        {"1": GOOD, "2": OTHER, "3": None, "4": GOOD},
        "moodle",
    ),
    Case(
        "blackboard-attempt-twice-in-a-name",
        {
            f"HW_jdoe{BLACKBOARD}my{BLACKBOARD}double.py": GOOD,
            f"HW_roe{BLACKBOARD}double.py": OTHER,
        },
        {"jdoe": GOOD, "roe": OTHER},
        "blackboard",
    ),
    _brightspace("british", "29 March, 2018 0905", "29 March, 2018 2105"),
    _brightspace("french", "28 février 2018 09 h 05", "1 mars 2018 07 h 05", zip=True),
    _brightspace("iso", "2018-03-09 0905", "2018-03-11 0805"),
    _brightspace("german", "28.02.2018 0905", "01.03.2018 0805"),
    _brightspace("american-numbers", "2-28-2018 905 PM", "3-01-2018 805 AM"),
    _brightspace("japanese", "2018年2月28日 0905", "2018年3月1日 0805"),
    Case(
        "gradescope-two-of-one-name",
        {
            "submission_metadata.yml": b"submission_1:\n  :submitters:\n  - :name: Ann Lee\n"
            b"submission_2:\n  :submitters:\n  - :name: Ann Lee\n",
            "submission_1/double.py": GOOD,
            "submission_2/double.py": WRONG,
        },
        {"Ann Lee (submission_1)": GOOD, "Ann Lee (submission_2)": WRONG},
        "gradescope",
    ),
    Case(
        "classroom-downloaded-zips",
        {
            f"cs-hw1-{name}-main.zip": zipped({f"cs-hw1-{name}-main/double.py": GOOD})
            for name in ("ann", "bob", "cy")
        },
        {"ann": GOOD, "bob": GOOD, "cy": GOOD},
        "classroom",
    ),
    Case(
        "classroom-template-beside",
        {
            "cs-hw1-ann/double.py": GOOD,
            "cs-hw1-bob/double.py": OTHER,
            "cs-hw1-cy/double.py": GOOD,
            "cs-hw1/double.py": WRONG,
        },
        {"ann": GOOD, "bob": OTHER, "cy": GOOD},
        "classroom",
        look=("cs-hw1",),
    ),
    Case(  # a name of three parts is no proof of a classroom
        "hyphenated-names",
        {
            "smith-jones-ann/double.py": GOOD,
            "smith-jones-bo/double.py": OTHER,
            "smith-jones-cy/double.py": GOOD,
            "lee/double.py": WRONG,
        },
        {"smith-jones-ann": GOOD, "smith-jones-bo": OTHER, "smith-jones-cy": GOOD, "lee": WRONG},
        "folders",
    ),
    *map(_prefixed, ("hw1-", "Lab 1 ", "ex1.", "task3_", "Homework 1 - ")),
    Case(
        "ilias-uploads",
        {
            "Abgaben/Lee_Ann_ann_12/20261005120000_double.py": WRONG,
            "Abgaben/Lee_Ann_ann_12/20261006110000_double.py": GOOD,
            "Abgaben/Roe_Bo_bo_13/20261006110000_k.zip": zipped({"k/double.py": WRONG}),
            "Abgaben/Roe_Bo_bo_13/20261007110000_k.zip": zipped({"k/double.py": OTHER}),
        },
        {"Lee_Ann_ann_12": GOOD, "Roe_Bo_bo_13": OTHER},
        "folders",
    ),
    Case(
        "a-folder-and-a-zip-in-a-wrapper",
        {"hw/ann/double.py": GOOD, "hw/bob/kata.zip": zipped({"double.py": OTHER})},
        {"ann": GOOD, "bob": OTHER},
        "folders",
    ),
    Case(
        "a-notebook-and-a-script",
        {
            "export/d'Arc/double.py": GOOD,
            "export/My Nguyen/basics.ipynb": notebook(("double", OTHER)),
        },
        {"d'Arc": GOOD, "My Nguyen": OTHER},
        "folders",
        zip=True,
    ),
    Case(
        "parts-of-a-drives-download",
        {
            f"drive-{n}.zip": zipped({f"HW/{a}/double.py": GOOD, f"HW/{b}/double.py": OTHER})
            for n, a, b in (("001", "Ann", "Bo"), ("002", "Cy", "Di"))
        },
        {"Ann": GOOD, "Bo": OTHER, "Cy": GOOD, "Di": OTHER},
        "folders",
    ),
    Case(
        "wrapped-canvas-zips",
        {
            f"hw{n}.zip": zipped(
                {
                    f"submissions/a_{n}1_10_double.py": GOOD,
                    f"submissions/b_{n}2_11_double.py": OTHER,
                }
            )
            for n in (1, 2)
        },
        {"11": GOOD, "12": OTHER, "21": GOOD, "22": OTHER},
        "canvas",
    ),
    Case(
        "versions",
        {
            "Submitted files/Ann/HW 1/Version 1/double.py": WRONG,
            "Submitted files/Ann/HW 1/Version 10/double.py": GOOD,
            "Submitted files/Ann/HW 1/Version 9/double.py": WRONG,
            "Submitted files/Bo/HW 1/Version 1/double.py": OTHER,
            "Submitted files/Cy/Attempt 1/double.py": OTHER,
            "Submitted files/Cy/Attempt 2/stack.py": WRONG,
        },
        {"Ann": GOOD, "Bo": OTHER, "Cy": OTHER},
        "folders",
    ),
    Case(
        "loose-helpers",
        {
            "ann_double.py": b"from h import d\n" + GOOD,
            "ann_h.py": b"d = 1\n",
            "bob_double.py": OTHER,
            "h.py": WRONG,
        },
        {"ann": b"from h import d\n" + GOOD, "bob": OTHER},
        "folders",
        look=("h.py",),
    ),
    Case(
        "moodle-sections",
        {
            "Section A/Ann_1_assignsubmission_file/double.py": GOOD,
            "Section B/Bo_2_assignsubmission_file/double.py": WRONG,
        },
        {"1": GOOD, "2": WRONG},
        "moodle",
    ),
    Case(
        "canvas-assignments",
        {
            "hw1/ann_1_10_double.py": WRONG,
            "hw1/ann_1_12_double-1.py": GOOD,
            "hw1/bo_2_11_double.py": OTHER,
            "hw2/ann_1_13_stack.py": b"x = 1\n",
        },
        {"1": GOOD, "2": OTHER},
        "canvas",
    ),
    Case(
        "a-section-of-one",
        {
            "Section A/ann/double.py": GOOD,
            "Section A/bob/double.py": WRONG,
            "Section B/cy/double.py": OTHER,
        },
        {"ann": GOOD, "bob": WRONG, "cy": OTHER},
        "sections",
    ),
    Case(
        "numbered-students-in-a-wrapper",
        {f"hw/{n}/double.py": text for n, text in ((1, GOOD), (2, WRONG), (10, OTHER))},
        {"1": GOOD, "2": WRONG, "10": OTHER},
        "folders",
    ),
    Case(
        "a-class-in-which-one-has-answered",
        {"ann/double.py": GOOD, "bob/notes.txt": b"none\n", "cy/plot.png": b""},
        {"ann": GOOD, "bob": None, "cy": None},
        "folders",
        zip=True,
    ),
    Case(
        "google-forms-second-file",
        {"double - Ann Lee.py": GOOD, "double (1) - Cy Day.py": OTHER},
        {"Ann Lee": GOOD, "Cy Day": OTHER},
        "folders",
    ),
    Case(
        "a-student-called-source",
        {"source/double.py": WRONG, "ann/double.py": GOOD, "bob/double.py": OTHER},
        {"ann": GOOD, "bob": OTHER},
        "folders",
        look=("source",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
def test_nobody_is_lost(case: Case, tmp_path: Path, toy: Course) -> None:
    path = tmp_path / "submissions"
    if case.zip:
        path = tmp_path / "submissions.zip"
        path.write_bytes(zipped(case.files))
    else:
        lay(path, case.files)
    found = take(path, toy, toy.exercises[:1])
    assert {s.student: s.answers["double"].source for s in found.submissions} == case.right
    assert found.layout == case.layout
    assert tuple(s.path for s in found.strays if s.look) == case.look
    rows = [row.path for row in found.rows]
    for name in case.files:
        assert any(
            name == row or f"{name}/".startswith(f"{row}/") or row.startswith(f"{name}/")
            for row in rows
        ), name


def test_an_archive_that_is_refused_is_no_empty_folder(tmp_path: Path, toy: Course) -> None:
    lay(tmp_path, {"ann.zip": b"no zip at all", "bob/double.py": GOOD})
    rows = {row.path: row for row in take(tmp_path, toy, toy.exercises[:1]).rows}
    assert rows["ann.zip"].state == "refused"
    assert "not a readable zip file" in rows["ann.zip"].reason


def test_names_that_differ_in_their_encoding_only_are_two_members(
    tmp_path: Path, toy: Course
) -> None:
    path = tmp_path / "submissions.zip"
    composed, apart = "Zo\u00eb/double.py", "Zoe\u0308/double.py"
    path.write_bytes(zipped({composed: GOOD, apart: WRONG, "bob/double.py": OTHER}))
    found = take(path, toy, toy.exercises[:1])
    assert sorted(row.state for row in found.rows) == ["graded", "graded", "not taken"]


def test_a_roster_of_another_class_is_an_error(tmp_path: Path, toy: Course) -> None:
    lay(tmp_path / "class", {"ann/double.py": GOOD, "bob/double.py": OTHER})
    found = take(tmp_path / "class", toy, toy.exercises[:1])
    roster = Roster("CSV", [Person(("dee",), "Dee"), Person(("eve",), "Eve")])
    made = enrol(roster, found.submissions, toy.exercises[:1])
    with pytest.raises(RosterError, match="none of the 2 students is on the roster"):
        recognised.say_roster(Console(quiet=True), roster, found, made)
    roster.people.append(Person(("ann",), "Ann"))
    roster = Roster("CSV", roster.people)
    assert len(enrol(roster, found.submissions, ()).strangers) == 1


def test_a_later_run_knows_nobody_less() -> None:
    earlier = {
        "ann": people.Person("ann", "Ann Lee", "a@x.edu", "A", attempt="2 of 2", time="Monday"),
        "bob": people.Person("bob", "Bob", submission=people.NOTHING),
    }
    now = {
        "ann": people.Person("ann", "Ann Lee", "new@x.edu", "A", people.NOTHING),
        "bob": people.Person("bob", "bob"),
    }
    made = people.joined(earlier, now)
    assert made["ann"] == people.Person(
        "ann", "Ann Lee", "new@x.edu", "A", attempt="2 of 2", time="Monday"
    )
    assert made["bob"] == people.Person("bob", "Bob")
