"""A Dask scheduler on a free port of 127.0.0.1, and workers as their user starts them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

TOY = Path(__file__).parents[1] / "toy_course"


class Program:
    """A program in a process group of its own, and what it has said."""

    def __init__(self, log: Path, module: str, *arguments: object, **environment: str) -> None:
        self.log = log
        with log.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                env={**os.environ, "COLUMNS": "110", "NO_COLOR": "1", **environment},
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.log.read_text()

    def wait_for(self, words: str, count: int = 1) -> None:
        """Wait until it has said ``words``."""
        wait(lambda: self.said.count(words) >= count, self.alive, lambda: self.said)

    def alive(self) -> bool:
        return self.process.poll() is None

    def end(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end; the exit code."""
        if self.alive():
            self.process.send_signal(number)
        return self.process.wait(60)

    def kill(self) -> None:
        """End it and all that it has started, whatever they do."""
        with contextlib.suppress(psutil.NoSuchProcess):
            for process in psutil.Process(self.process.pid).children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
        self.process.kill()
        self.process.wait(60)


def wait(
    condition: Callable[[], Any],
    alive: Callable[[], bool] = lambda: True,
    said: Callable[[], str] = str,
    seconds: float = 120,
) -> None:
    """Wait for a condition, as long as who brings it about is alive."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert alive() and time.monotonic() < deadline, said()
        time.sleep(0.02)


class Machines:
    """A scheduler on a free port, and the workers and coordinators of a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs: list[Program] = []
        self.address = "tcp://127.0.0.1:0"
        self.scheduler: Program

    def schedule(self) -> Program:
        """Start the scheduler: at any port, or again where it was."""
        file = self.folder / "scheduler.json"
        file.unlink(missing_ok=True)
        port = self.address.rpartition(":")[2]
        options = ["--host", "127.0.0.1", "--port", port, "--no-dashboard"]
        options += ["--dashboard-address", ":0", "--scheduler-file", str(file)]
        scheduler = self._start("distributed.cli.dask_scheduler", *options)
        wait(lambda: file.exists() and file.read_text().endswith("}"), scheduler.alive)
        self.address = json.loads(file.read_text())["address"]
        return scheduler

    def _start(self, module: str, *arguments: object, **environment: str) -> Program:
        log = self.folder / f"program-{len(self.programs)}.log"
        program = Program(log, module, *arguments, **environment)
        self.programs.append(program)
        return program

    def worker(self, *arguments: object, **environment: str) -> Program:
        """A worker for the toy course, as soon as it takes jobs."""
        defaults = ("--scheduler", self.address, "--slots", 1, "--no-nanny", "--course", TOY)
        program = self._start("autograder.cli", "worker", *defaults, *arguments, **environment)
        program.wait_for("takes jobs")
        return program

    def grade(self, class_: Path, out: Path, *arguments: object) -> Program:
        """A coordinator that grades a class of the toy course."""
        defaults = ("--scheduler", self.address, "--course", TOY, "--out", out)
        return self._start("autograder.cli", "grade", class_, *defaults, *arguments)

    def end(self) -> None:
        """End all of them."""
        for program in self.programs:
            program.kill()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    """See :class:`Machines`."""
    started = Machines(tmp_path)
    try:
        started.scheduler = started.schedule()
        yield started
    finally:
        started.end()


@pytest.fixture
def class_of(tmp_path: Path) -> Callable[..., Path]:
    """Makes a class in a folder from texts of ``double`` by student."""

    def make(texts: dict[str, str]) -> Path:
        root = tmp_path / "class"
        for student, text in texts.items():
            (root / student).mkdir(parents=True)
            (root / student / "double.py").write_text(text)
        return root

    return make
