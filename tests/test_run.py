"""What a run makes of what it knows already: reuse, deferred checks, equal texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.grading import fleet, run, store
from autograder.ingest.submissions import Answer, Submission
from autograder.model import CheckResult, Job, Result, Verdict
from autograder.outline import Course

SETTINGS = fleet.Settings(Path(), ())


def a_check(name: str, verdict: Verdict, *needs: str) -> CheckResult:
    points = 2.0 if verdict is Verdict.PASSED else 0.0
    return CheckResult(name, name, verdict, points, 2.0, False, needs=needs)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[store.Store]:
    made = store.Store.in_folder(tmp_path)
    yield made
    made.close()


def planned(toy: Course, kept: store.Store, text: bytes, students: str = "a", **more: Any) -> Any:
    exercise = toy.exercise("stack")
    found = [Submission(name, {"stack": Answer(text)}) for name in students]
    options = {"seed": "new", "asked_seed": None, "walls": True, **more}
    return run.plan(toy, (exercise,), found, kept, **options)


def carry_out(made: Any, kept: store.Store, monkeypatch: Any, answer: Any) -> list[Job]:
    jobs: list[Job] = []

    def grade_all(work: Any, *_: Any, **__: Any) -> Iterator[tuple[str, Result]]:
        for key, job in work:
            jobs.append(job)
            yield key, answer(job)

    monkeypatch.setattr(fleet, "grade_all", grade_all)
    run.carry_out(made, kept, None, SETTINGS, ahead=1)  # type: ignore[arg-type]
    return jobs


def without_gpu(job: Job) -> Result:
    checks = (a_check("one", Verdict.PASSED), a_check("cuda", Verdict.DEFERRED, "gpu"))
    return Result(job.student, job.exercise, job.seed, checks, 4.0, Verdict.DEFERRED)


def test_deferred_checks_are_graded_alone_where_they_can_be(
    toy: Course, kept: store.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "has", lambda need: need != "gpu")
    first = planned(toy, kept, b"text", seed="first")
    carry_out(first, kept, monkeypatch, without_gpu)
    assert first.results[0].points == 2 and first.results[0].deferred_points == 2

    same_machine = planned(toy, kept, b"text")
    assert not same_machine.jobs and same_machine.reused == 1

    monkeypatch.setattr(run, "has", lambda need: True)
    second = planned(toy, kept, b"text")

    def with_gpu(job: Job) -> Result:
        checks = (a_check("cuda", Verdict.PASSED),)
        return Result(job.student, job.exercise, job.seed, checks, 4.0, Verdict.PASSED)

    jobs = carry_out(second, kept, monkeypatch, with_gpu)
    assert [(job.only, job.seed) for job in jobs] == [(("cuda",), "first")]
    result = second.results[0]
    assert [c.name for c in result.checks] == ["one", "cuda"]
    assert (result.points, result.deferred_points) == (4, 0)
    assert result.verdict is Verdict.PASSED
    assert planned(toy, kept, b"text").reused == 1


def test_a_measurement_left_open_is_repeated_when_all_else_is_graded(
    toy: Course, kept: store.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(job: Job) -> Result:
        quick = a_check("quick", Verdict.FAILED if job.only else Verdict.PASSED)
        checks = (a_check("one", Verdict.PASSED), replace(quick, undecided=not job.only))
        checks = checks[-1:] if job.only else checks
        return Result(job.student, job.exercise, job.seed, checks, 4.0, Verdict.PASSED)

    made = planned(toy, kept, b"text", students="ab")
    jobs = carry_out(made, kept, monkeypatch, busy)
    assert [job.only for job in jobs] == [(), ("quick",)]
    assert [[c.verdict for c in r.checks] for r in made.results] == [
        [Verdict.PASSED, Verdict.FAILED]
    ] * 2
    assert planned(toy, kept, b"text").results[0].verdict is Verdict.PARTLY


def test_a_fault_while_filling_in_loses_nothing(
    toy: Course, kept: store.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "has", lambda need: need != "gpu")
    carry_out(planned(toy, kept, b"text"), kept, monkeypatch, without_gpu)
    monkeypatch.setattr(run, "has", lambda need: True)

    def fault(job: Job) -> Result:
        return replace(without_gpu(job), checks=(), verdict=Verdict.GRADER_FAULT, message="died")

    carry_out(planned(toy, kept, b"text"), kept, monkeypatch, fault)
    monkeypatch.setattr(run, "has", lambda need: need != "gpu")
    assert planned(toy, kept, b"text").results[0].points == 2


def test_equal_texts_are_one_job_and_every_student_gets_its_result(
    toy: Course, kept: store.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = planned(toy, kept, b"text", students="abc")
    jobs = carry_out(made, kept, monkeypatch, without_gpu)
    assert len(jobs) == 1
    assert [(r.student, r.points) for r in made.results] == [("a", 2), ("b", 2), ("c", 2)]


def test_a_run_goes_on_without_a_store_that_fails(
    toy: Course, kept: store.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def put(key: str, result: Result) -> None:
        tried.append(key)
        raise store.StoreError("the disk is full")

    monkeypatch.setattr(kept, "put", put)
    made = planned(toy, kept, b"one")
    made.entries += (more := planned(toy, kept, b"two", students="b")).entries
    made.jobs |= more.jobs
    carry_out(made, kept, monkeypatch, without_gpu)
    assert [r.points for r in made.results] == [2, 2] and len(tried) == 1
    run.finished(made, kept, None)
    assert made.unkept == "the disk is full"
