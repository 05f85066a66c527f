"""The judge's own process: takes jobs on its standard input until that is closed.

``python -m autograder.judging.process SETTINGS DESCRIPTOR`` collects the graders of its settings
(:meth:`~autograder.judging.settings.JudgeSettings.to_json`), says on the descriptor that it is
ready, and then answers each job, a line of JSON, with a line there.

With ``nursery`` as a third argument it is the nursery of a run (:mod:`autograder.judging.nursery`),
and the descriptor is the socket on which it is asked for judges. Each of these answers on the
descriptors that came with the request.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, TextIO

from autograder import outline
from autograder.judging import faults, pytest_session
from autograder.judging.judge import Judge
from autograder.judging.nursery import Nursery, die_with_parent
from autograder.judging.rooms import WorkerRooms
from autograder.judging.settings import JudgeSettings
from autograder.model import Job
from autograder.outline import Course
from autograder.sandbox.concealing import conceal
from autograder.sandbox.walls import RootSet

INT_DIGITS = 10_000
"""Digits of an int that the judge can print: as many as one in a reply may have."""


def main() -> int:
    """Entry point of the process; see the module's docstring."""
    settings = JudgeSettings.from_json(sys.argv[1])
    die_with_parent()
    if settings.walls.container:
        conceal()
    if not settings.gpu:
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, _too_much_work)
    sys.set_int_max_str_digits(INT_DIGITS)
    course = outline.load(settings.course)
    judge = Judge(WorkerRooms(course, settings), bound_cpu=True)
    descriptor, nursery = int(sys.argv[2]), sys.argv[3:] == ["nursery"]
    os.set_inheritable(descriptor, False)
    with contextlib.redirect_stdout(sys.stderr):
        try:
            return pytest_session.run(
                graders(course, settings),
                lambda: judge,
                lambda judge: (_fork_judges if nursery else _answer_jobs)(judge, descriptor),
            )
        finally:
            judge.rooms.close()


def _answer_jobs(judge: Judge, descriptor: int) -> None:
    serve(judge, sys.stdin, os.fdopen(descriptor, "w", encoding="utf-8"))


def _fork_judges(judge: Judge, descriptor: int) -> None:
    """Be the nursery, and in its forks a judge."""
    rooms = judge.rooms
    assert isinstance(rooms, WorkerRooms)
    roots = RootSet(rooms.secrets, rooms.walls)
    forked = Nursery(socket.socket(fileno=descriptor), roots).run()
    if forked is not None:
        pipes, rooms.roots = forked
        serve(judge, pipes.jobs, pipes.results)


def graders(course: Course, settings: JudgeSettings) -> list[Path]:
    """The grader files of a judge with these settings."""
    exercises = [course.exercise(id) for id in settings.exercises] or list(course.exercises)
    return [*(path for e in exercises for path in course.check_files(e)), *settings.graders]


def serve(judge: Judge, jobs: Iterable[str], results: TextIO) -> None:
    """Grade jobs, a line each, until there are no more."""

    def send(message: dict[str, Any]) -> None:
        results.write(json.dumps(message) + "\n")
        results.flush()

    send({"ready": sorted(judge.items), "problems": judge.problems})
    for line in jobs:
        send({"result": judge.run(_job(line)).as_dict()})


def _job(line: str) -> Job:
    values = json.loads(line)
    values["source"] = base64.b64decode(values["source"])
    values["only"] = tuple(values["only"])
    values["files"] = tuple((name, base64.b64decode(data)) for name, data in values["files"])
    return Job(**values)


def _too_much_work(number: int, frame: FrameType | None) -> NoReturn:
    raise faults.TooMuchWork(f"{faults.CHECK_CPU:.0f} s of CPU time in the judge")


if __name__ == "__main__":
    sys.exit(main())
