"""What a run makes of what it knows already, and of what its judges answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.file_store import FileStore
from autograder.grading.fleet import Fleet, default_judges
from autograder.grading.judge_process import Grader
from autograder.grading.run import Here, Options, Plan, grade_class
from autograder.grading.store import StoreError
from autograder.grading.tasks import Task
from autograder.ingest.submissions import Answer, Submission
from autograder.judging.settings import JudgeSettings
from autograder.model import CheckResult, Job, Result, Verdict
from autograder.outline import Course


def a_check(name: str, verdict: Verdict, *needs: str) -> CheckResult:
    points = 2.0 if verdict is Verdict.PASSED else 0.0
    return CheckResult(name, name, verdict, points, 2.0, False, needs=needs)


class Class:
    """A class that hands in texts for one exercise; judges give the answer they are told."""

    def __init__(self, toy: Course, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.toy, self.monkeypatch = toy, monkeypatch
        self.options = Options((toy.exercise("stack"),), out)
        self.jobs: list[Job] = []
        """Those of the last run."""

    def grade(self, answer: Callable[[Job], Result], **texts: str) -> Plan:
        def grade(fleet: Fleet, job: Job) -> Result:
            self.jobs.append(job)
            return answer(job)

        self.jobs.clear()
        self.monkeypatch.setattr(Fleet, "grade", grade)
        texts = texts or {"a": "text"}
        handed_in = [Submission(s, {"stack": Answer(t.encode())}) for s, t in texts.items()]
        return grade_class(self.toy, handed_in, self.options)


@pytest.fixture
def a_class(toy: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Class:
    return Class(toy, tmp_path, monkeypatch)


def without_gpu(job: Job) -> Result:
    checks = (a_check("one", Verdict.PASSED), a_check("cuda", Verdict.DEFERRED, "gpu"))
    return Result(job.student, job.exercise, job.seed, checks, 4.0, Verdict.DEFERRED)


def never(job: Job) -> Result:
    raise AssertionError("nothing is left to grade")


def test_deferred_checks_are_graded_alone_where_they_can_be(
    a_class: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Here, "able", lambda here, need: need != "gpu")
    first = a_class.grade(without_gpu)
    assert first.results[0].points == 2 and first.results[0].deferred_points == 2
    same_machine = a_class.grade(never)
    assert not same_machine.tasks and same_machine.reused == 1

    monkeypatch.setattr(Here, "able", lambda here, need: True)

    def with_gpu(job: Job) -> Result:
        checks = (a_check("cuda", Verdict.PASSED),)
        return Result(job.student, job.exercise, job.seed, checks, 4.0, Verdict.PASSED)

    second = a_class.grade(with_gpu)
    assert [(job.only, job.seed) for job in a_class.jobs] == [(("cuda",), first.results[0].seed)]
    result = second.results[0]
    assert [c.name for c in result.checks] == ["one", "cuda"]
    assert (result.points, result.deferred_points) == (4, 0)
    assert result.verdict is Verdict.PASSED
    assert a_class.grade(never).reused == 1


def test_a_measurement_left_open_is_repeated_when_all_else_is_graded(a_class: Class) -> None:
    def busy(job: Job) -> Result:
        quick = a_check("quick", Verdict.FAILED if job.only else Verdict.PASSED)
        checks: tuple[CheckResult, ...]
        checks = (a_check("one", Verdict.PASSED), replace(quick, undecided=not job.only))
        checks = checks[-1:] if job.only else checks
        return Result(job.student, job.exercise, job.seed, checks, 4.0, Verdict.PASSED)

    plan = a_class.grade(busy, a="text", b="text", c="another")
    assert [job.only for job in a_class.jobs] == [(), (), ("quick",), ("quick",)]
    assert [[c.verdict for c in r.checks] for r in plan.results] == [
        [Verdict.PASSED, Verdict.FAILED]
    ] * 3
    assert a_class.grade(never).results[0].verdict is Verdict.PARTLY


def test_a_measurement_stands_where_its_repetition_is_a_fault(a_class: Class) -> None:
    def once(job: Job) -> Result:
        checks = (replace(a_check("quick", Verdict.PASSED), undecided=True),)
        verdict = Verdict.GRADER_FAULT if job.only else Verdict.PASSED
        return Result(job.student, job.exercise, job.seed, checks, 2.0, verdict)

    (result,) = a_class.grade(once).results
    assert result.verdict is Verdict.PASSED and result.points == 2


def test_a_fault_while_filling_in_loses_nothing(
    a_class: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Here, "able", lambda here, need: need != "gpu")
    a_class.grade(without_gpu)
    monkeypatch.setattr(Here, "able", lambda here, need: True)

    def fault(job: Job) -> Result:
        return replace(without_gpu(job), checks=(), verdict=Verdict.GRADER_FAULT, message="died")

    a_class.grade(fault)
    monkeypatch.setattr(Here, "able", lambda here, need: need != "gpu")
    assert a_class.grade(never).results[0].points == 2


def test_equal_texts_are_one_job_and_every_student_gets_its_result(a_class: Class) -> None:
    plan = a_class.grade(without_gpu, a="text", b="text", c="text")
    assert len(a_class.jobs) == 1
    assert [(r.student, r.points) for r in plan.results] == [("a", 2), ("b", 2), ("c", 2)]


def test_a_run_goes_on_without_a_store_that_fails(
    a_class: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def put(self: FileStore, key: str, result: Result) -> None:
        tried.append(key)
        raise StoreError("the disk is full")

    monkeypatch.setattr(FileStore, "put", put)
    plan = a_class.grade(without_gpu, a="one", b="two")
    assert [r.points for r in plan.results] == [2, 2] and len(tried) == 1
    assert plan.not_stored == "the disk is full"


def test_a_run_that_is_cut_off_leaves_its_seed(a_class: Class) -> None:
    seeds = []

    def cut_off(job: Job) -> Result:
        seeds.append(job.seed)
        if len(seeds) == 1:
            raise KeyboardInterrupt
        return without_gpu(job)

    with pytest.raises(KeyboardInterrupt):
        a_class.grade(cut_off)
    a_class.grade(cut_off)
    a_class.grade(cut_off, a="another")
    assert seeds[0] == seeds[1] != seeds[2]


def test_what_fails_around_a_judge_is_tried_twice_and_leaves_all_points_open(
    a_class: Class,
) -> None:
    def fails(job: Job) -> Result:
        raise RuntimeError("no memory")

    (result,) = a_class.grade(fails).results
    assert len(a_class.jobs) == 2 and result.verdict is Verdict.GRADER_FAULT
    assert (result.worth, result.max_points, result.open_points) == (6, 0, 6)
    assert result.message == "the worker failed: RuntimeError: no memory"
    assert not a_class.grade(without_gpu).reused  # a fault is not stored


def test_a_fleet_has_no_more_judges_than_work_at_a_time(
    toy: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: set[int] = set()
    together = threading.Barrier(2, timeout=20)

    def grade(self: Grader, job: Job) -> Result:
        used.add(id(self))
        together.wait()
        return without_gpu(job)

    monkeypatch.setattr(Grader, "grade", grade)
    tasks = [Task(str(n), Job("a", "stack", b"", "seed")) for n in range(6)]
    with Fleet(toy, JudgeSettings(toy.root), 2) as fleet:
        assert sorted(g.task.key for g in fleet.grade_all(tasks)) == list("012345")
    assert len(used) == 2


def test_leaving_a_fleet_by_an_error_kills_the_judges_at_work(
    toy: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, killed = threading.Event(), threading.Event()

    def grade(self: Grader, job: Job) -> Result:
        at_work.set()
        assert killed.wait(20)
        return without_gpu(job)

    def kill(self: Any) -> None:
        killed.set()

    monkeypatch.setattr(Grader, "grade", grade)
    monkeypatch.setattr(Grader, "kill", kill)

    def interrupted() -> None:
        with Fleet(toy, JudgeSettings(toy.root), 1) as fleet:
            fleet._pool.submit(fleet.grade, Job("a", "stack", b"", "seed"))
            assert at_work.wait(20)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert killed.is_set()


def test_there_are_more_judges_than_cores_as_far_as_memory_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import psutil

    class Memory:
        available = 100 << 30

    monkeypatch.setattr(psutil, "virtual_memory", Memory)
    monkeypatch.setattr("autograder.grading.fleet.cores", lambda: 4)
    assert default_judges() == 10
    Memory.available = 3 << 30
    assert default_judges() == 4
    Memory.available = 0
    assert default_judges() == 1
