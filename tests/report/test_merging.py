"""Several runs into one folder: nothing is lost, and what is replaced is said."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.model import CheckResult, Result, Verdict
from autograder.outline import Course
from autograder.report import write_all
from autograder.report.feedback import RunInfo
from autograder.report.jsonl import read_jsonl
from autograder.report.merging import Merged, merged


def made(student: str, exercise: str, points: float, verdict: Verdict | None = None) -> Result:
    verdict = verdict or (Verdict.PASSED if points == 4 else Verdict.FAILED)
    checks = (
        ()
        if verdict is Verdict.NOT_ATTEMPTED
        else (CheckResult("a", "A.", verdict, points, 4.0, True),)
    )
    return Result(student, exercise, "s", checks, 4.0, verdict)


@pytest.fixture
def run(tmp_path: Path, toy: Course) -> Any:
    def once(*results: Result) -> Merged:
        found = merged(tmp_path, results, toy)
        students = {r.student for r in found.current}
        written = write_all(
            tmp_path, found.results, toy, RunInfo("Toy", "today"), students=students
        )
        assert written.failed == []
        return found

    return once


def rows(out: Path) -> dict[str, dict[str, str]]:
    with (out / "grades.csv").open(newline="", encoding="utf-8") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_columns_and_students_stay(run: Any, tmp_path: Path) -> None:
    first = run(*(made(s, e, 4) for s in ("ann", "bob") for e in ("double", "stack")))
    assert first.notes == [] and first.unread == ""
    page = tmp_path / "feedback" / "bob.html"
    page.write_text("as it was sent")
    second = run(made("ann", "double", 2), made("zoe", "double", 4))
    found = rows(tmp_path)
    assert list(found) == ["ann", "bob", "zoe"]
    assert [found["ann"][k] for k in ("double", "stack", "total", "max")] == ["2", "4", "6", "8"]
    assert found["bob"]["total"] == "8" and found["zoe"]["stack"] == ""
    assert len(read_jsonl(tmp_path / "results.jsonl")) == 5
    assert {p.name for p in (tmp_path / "feedback").iterdir()} == {
        "ann.html",
        "bob.html",
        "zoe.html",
    }
    assert page.read_text() == "as it was sent"
    assert second.notes == [
        "Also kept from earlier runs, and not in the table: 1 student not in this run (bob) "
        "and 1 other result of students in this run.",
        "1 earlier result replaced; 1 mark changed: ann double 4 → 2.",
    ]
    again = run(made("ann", "double", 2), made("zoe", "double", 4))
    assert again.notes[-1] == "2 earlier results replaced; no mark changed."
    assert rows(tmp_path) == found


def test_an_answer_that_is_missing_takes_nothing_away(run: Any, tmp_path: Path) -> None:
    run(made("ann", "double", 4), made("ann", "stack", 2), made("bob", "double", 4))
    none = made("ann", "double", 0, Verdict.NOT_ATTEMPTED)
    found = run(none, made("ann", "stack", 4))
    assert [r.points for r in found.current] == [4, 4] == [found.results[0].points, 4]
    assert found.earlier == {("ann", "double")}
    assert any(
        "1 earlier result kept, because this run has no answer: ann double" in note
        for note in found.notes
    )
    assert rows(tmp_path)["ann"]["total"] == "8"
    # What was not attempted before either, and what is refused now, is as this run says.
    refused = made("bob", "double", 0, Verdict.REJECTED)
    assert run(refused).results[-1].verdict is Verdict.REJECTED


def test_results_of_another_course_stay(run: Any, tmp_path: Path) -> None:
    run(made("ann", "gone", 4))
    run(made("ann", "double", 4))
    assert (
        rows(tmp_path)["ann"] | {"double": "4", "gone": "4", "total": "8"}
        == (rows(tmp_path)["ann"])
    )
    assert "gone" in (tmp_path / "feedback" / "ann.html").read_text()


@pytest.mark.parametrize(
    "bad",
    [
        '{"schema": 1, "student": "bob", "exer',
        '{"schema": 7}',
        "[]",
        "null",
        "\udcff",
        '{"schema": 1, "student": 5, "exercise": "double", "seed": "", "checks": [], '
        '"max_points": 4, "verdict": "passed"}',
        '{"schema": 1, "student": "bob", "exercise": "double", "seed": "", "checks": [], '
        '"max_points": NaN, "verdict": "passed"}',
        "[" * 100_000,
    ],
)
def test_a_file_that_cannot_be_read_is_kept_aside(bad: str, run: Any, tmp_path: Path) -> None:
    run(made("ann", "double", 4))
    path = tmp_path / "results.jsonl"
    data = path.read_bytes() + bad.encode("utf-8", "surrogateescape")
    path.write_bytes(data)
    found = run(made("zoe", "double", 4))
    assert "line 2" in found.unread and "1 result could be read" in found.unread
    assert (tmp_path / "results-unread-1.jsonl").read_bytes() == data
    assert list(rows(tmp_path)) == ["ann", "zoe"]
    path.unlink()
    path.mkdir()
    assert "results-unread-2.jsonl" in run(made("bob", "double", 4)).unread


def test_a_name_that_is_no_text_is_one_student(run: Any, tmp_path: Path) -> None:
    run(made("m\udcfcller", "double", 2))
    found = run(made("m\udcfcller", "double", 4))
    assert len(found.results) == 1 and len(rows(tmp_path)) == 1


def test_a_mark_with_open_points_is_named_as_such(run: Any) -> None:
    run(made("ann", "double", 4))
    fault = replace(made("ann", "double", 0), checks=(), verdict=Verdict.GRADER_FAULT)
    assert "ann double 4 → open" in run(fault).notes[0]
    line = json.loads(json.dumps(fault.as_dict()))
    assert Result.from_dict(line) == fault


def test_a_stub_that_was_handed_in_counts(run: Any, tmp_path: Path) -> None:
    run(made("ann", "double", 4))
    stub = replace(made("ann", "double", 0), verdict=Verdict.NOT_ATTEMPTED)
    assert run(stub).notes == ["1 earlier result replaced; 1 mark changed: ann double 4 → 0."]
