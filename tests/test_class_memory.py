"""What the coordinator holds of a class does not grow with the class."""

from __future__ import annotations

import contextlib
import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from autograder.commands import class_run
from autograder.grading.plan import Entry
from autograder.grading.progress_bar import RunProgress
from autograder.grading.tasks import Desk, Graded, Task, graded
from autograder.ingest.accounting import Row
from autograder.ingest.readers import Reply
from autograder.ingest.submissions import Answer, Submission
from autograder.model import CheckResult, Job, Result, Verdict, Walls
from autograder.outline import Course
from autograder.report import feedback, grades, jsonl, merging

KINDS = (Answer, CheckResult, Entry, Graded, Job, Reply, Result, Row, Submission, Task)
"""What is made of every answer, and is to be in memory only while it is worked on."""


def judged(job: Job) -> Result:
    """A measurement that is open at first, so that some jobs are repeated."""
    open_ = b"open" in job.source and not job.only
    checks = (CheckResult("one", "One.", Verdict.PASSED, 4.0, 4.0, True, undecided=open_),)
    return Result(job.student, job.exercise, job.seed, checks, 4.0, Verdict.PASSED)


class Judges:
    """Judges that need no process, and the place where they are."""

    def able(self, need: str) -> bool:
        return True

    def judges(self, *args: object) -> Any:
        return contextlib.nullcontext(self)

    def grade_all(self, tasks: Iterable[Task], meanwhile: Callable[[], None]) -> Iterator[Graded]:
        def submit(job: Job) -> Future[Result]:
            future: Future[Result] = Future()
            future.set_result(judged(job))
            return future

        desk = Desk(submit, lambda: 4)
        return graded(tasks, desk, lambda exercise: 4.0, desk, meanwhile)


def request(toy: Course, class_: Path, out: Path) -> class_run.Request:
    values: dict[str, Any] = dict.fromkeys(class_run.Request.__annotations__)
    flags = dict.fromkeys(("fresh", "file_times", "mixed", "network"), False)
    values |= {**flags, "only": [], "graders": (), "attempt": "latest", "unsafe": True}
    return class_run.Request(
        **values | {"submissions": str(class_), "out": str(out), "course": toy.root}
    )


class Looks:
    """How many objects of each kind were there at most, as seen at every step of a run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.most: Counter[str] = Counter()
        gc.collect()
        gc.freeze()  # what is there already is not looked at
        for place, name in (
            (RunProgress, "advance"),
            (feedback, "write_feedback"),
            (jsonl, "line"),
            (grades, "_cell"),
            (merging, "_mark"),
        ):
            monkeypatch.setattr(place, name, self._watched(getattr(place, name)))

    def _watched(self, function: Any) -> Any:
        def watched(*args: Any, **more: Any) -> Any:
            self.look()
            return function(*args, **more)

        return watched

    def look(self) -> None:
        kinds = (type(thing) for thing in gc.get_objects())
        self.most |= Counter(kind.__name__ for kind in kinds if kind in KINDS)


def hand_in(class_: Path, count: int) -> Path:
    for number in range(count):
        folder = class_ / f"s{number:03}"
        folder.mkdir(parents=True)
        for exercise in ("double", "stack"):
            (folder / f"{exercise}.py").write_text(f"# {exercise} of {number}\n")
        (folder / "notes.csv").write_text("1\n")
    return class_


def test_objects_in_memory_do_not_grow_with_the_class(
    toy: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(class_run, "_place", lambda *args: contextlib.nullcontext(Judges()))
    monkeypatch.setattr(class_run, "_walls", lambda request: Walls.NONE)
    looks = Looks(monkeypatch)
    most = []
    for count in (12, 48):
        class_, out = hand_in(tmp_path / f"class-{count}", count), tmp_path / f"out-{count}"
        looks.most.clear()
        for _ in range(2):  # the second time beside the results of the first
            gc.collect()
            assert class_run.run(request(toy, class_, out)) == 0
        said = capsys.readouterr().out
        assert f"{2 * count} to grade" in said and f"{3 * count} earlier results replaced" in said
        most.append(dict(looks.most))
    gc.unfreeze()
    few, many = most
    assert set(many) >= {"CheckResult", "Result", "Submission"}
    grown = {kind: (few.get(kind, 0), count) for kind, count in many.items() if count > 24}
    assert not grown, f"kept in memory: {grown}"
    assert sum(many.values()) <= sum(few.values()) + 12, (few, many)
