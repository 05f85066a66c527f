"""The judges of a run are forks of one nursery, and replaced by forks."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from autograder.grading import launching
from autograder.grading.fleet import Fleet
from autograder.grading.launching import Direct, Fork, NotLaunched, Nursery
from autograder.grading.tasks import Task
from autograder.judging import nursery as nursery_
from autograder.judging.settings import JudgeSettings
from autograder.model import Job, Verdict
from autograder.outline import Course
from autograder.sandbox.walls import Kind, RootSet
from tests.test_judge import write_course

pytestmark = [
    pytest.mark.usefixtures("walls"),
    pytest.mark.skipif(not launching.can_fork(), reason="judges are not forked here"),
]

GOOD = b"def double(x):\n    return x + x\n"


def job(number: int) -> Job:
    return Job(f"s{number}", "double", GOOD + b"# %d\n" % number, f"seed {number}")


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()[1])


def pid_of(fleet: Fleet, number: int = 0) -> int:
    process = fleet._graders[number]._process
    assert isinstance(process, Fork)
    row = Path(f"/proc/self/fdinfo/{process.pidfd}").read_text()
    return int(row.partition("Pid:")[2].split()[0])


def test_judges_are_forks_of_one_nursery_and_so_are_those_that_replace_them(toy: Course) -> None:
    settings = JudgeSettings(toy.root, ("double",), slot=65)
    with Fleet(toy, settings, 1) as fleet:
        assert fleet.grade(job(1)).verdict is Verdict.PASSED
        first = pid_of(fleet)
        nursery = parent(first)
        os.kill(first, signal.SIGKILL)
        assert fleet.grade(job(2)).verdict is Verdict.PASSED
        assert pid_of(fleet) != first and parent(pid_of(fleet)) == nursery
    for pid in (first, nursery):
        assert not Path(f"/proc/{pid}").exists()


def test_a_nursery_that_dies_is_replaced_and_no_job_is_lost(toy: Course) -> None:
    with Fleet(toy, JudgeSettings(toy.root, ("double",), slot=66), 1) as fleet:
        assert fleet.grade(job(1)).verdict is Verdict.PASSED
        nursery = parent(pid_of(fleet))
        os.kill(nursery, signal.SIGKILL)
        tasks = [Task(str(n), job(n)) for n in range(2, 5)]
        results = [graded.result.verdict for graded in fleet.grade_all(tasks)]
        assert results == [Verdict.PASSED] * 3
        assert parent(pid_of(fleet)) != nursery


def test_graders_that_start_threads_have_judges_of_their_own(tmp_path: Path, toy: Course) -> None:
    """A fork has one thread, and a lock that another one held would stay locked."""
    grader = (toy.graders / "basics" / "test_double.py").read_text()
    thread = (
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
    )
    course = write_course(tmp_path, toy, thread + grader)
    with Fleet(course, JudgeSettings(course.root, ("double",), slot=67), 1) as fleet:
        assert fleet.grade(job(1)).verdict is Verdict.PASSED
        assert isinstance(fleet._graders[0]._process, Direct)


def test_a_nursery_that_does_not_start_says_why(tmp_path: Path, toy: Course) -> None:
    course = write_course(
        tmp_path, toy, "import os\nprint('so it ends', flush=True)\nos._exit(3)\n"
    )
    nursery = Nursery(JudgeSettings(course.root, ("double",)))
    with pytest.raises(NotLaunched, match="so it ends"):
        nursery.judge()
    nursery.close()
    with Fleet(course, JudgeSettings(course.root, ("double",)), 1) as fleet:
        result = fleet.grade(job(1))
    assert result.verdict is Verdict.GRADER_FAULT and "so it ends" in result.message


def test_problems_of_graders_reach_every_judge(tmp_path: Path, toy: Course) -> None:
    course = write_course(tmp_path, toy, "raise RuntimeError('a slip of the author')\n")
    with Fleet(course, JudgeSettings(course.root, ("double",), slot=68), 2) as fleet:
        tasks = [Task(str(n), job(n)) for n in range(4)]
        for graded in fleet.grade_all(tasks):
            assert graded.result.verdict is Verdict.GRADER_FAULT
            assert "a slip of the author" in graded.result.message


def test_judges_end_one_by_one_or_with_their_nursery(toy: Course) -> None:
    assert sys.platform == "linux"
    nursery = Nursery(JudgeSettings(toy.root, ("double",)))
    one, two = nursery.judge(), nursery.judge()
    one.kill()
    assert one.wait(10) and two.alive
    nursery.kill()
    assert two.wait(10)
    for judge in (one, two):
        judge.close()
    nursery.close()


def test_what_fails_for_one_judge_ends_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process or no memory for another judge or wall: it is said, and the nursery goes on."""

    def refused(*_: object) -> int:
        raise OSError(11, "Resource temporarily unavailable")

    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    roots = RootSet(())
    nursery = nursery_.Nursery(theirs, roots)
    monkeypatch.setattr(os, "fork", refused)
    assert nursery._fork([os.dup(0)]) is None
    assert b"temporarily unavailable" in ours.recv(4096)

    monkeypatch.setattr(roots, "control", refused)
    asked, answers = socket.socketpair()
    question = json.dumps({"ask": "control", "kind": asdict(Kind("plain"))}).encode()
    for gone in (False, True):
        socket.send_fds(nursery._asking, [question], [answers.fileno()])
        if gone:
            asked.close()
        nursery._answer()
        if not gone:
            assert b"temporarily unavailable" in asked.recv(4096)
    for sock in (ours, theirs, answers, nursery._asking, nursery._questions):
        sock.close()
    nursery._selector.close()
