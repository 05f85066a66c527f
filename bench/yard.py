"""A scheduler, workers and coordinators as forks of one process that has imported Dask once.

For the benchmark of the cluster and for its tests. ``python -m bench.yard`` reads an order per
line, forks, and answers with the process id; all that it has started ends with it.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.model import CheckResult, Job, Result, Verdict, Walls, overall

ROOT = Path(__file__).resolve().parents[1]
_CLONE_NEWNET = 0x40000000  # linux/sched.h


class Program:
    """One of its processes, and what it has said."""

    def __init__(self, pid: int, log: Path) -> None:
        self.pid, self.log = pid, log

    @property
    def said(self) -> str:
        return self.log.read_text()

    def alive(self) -> bool:
        """Whether it is there."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, 0)
            return True
        return False

    def wait_for(self, words: str, count: int = 1) -> None:
        """Wait until it has said ``words``."""
        wait(lambda: self.said.count(words) >= count, self.alive, lambda: self.said)

    def code(self) -> int:
        """Wait for its end; the exit code, -1 where it was killed."""
        wait(lambda: not self.alive(), said=lambda: self.said)
        place = self.log.with_suffix(".code")
        return int(place.read_text()) if place.exists() else -1

    def ask(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end by a signal; the exit code."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)
        return self.code()


def wait(
    condition: Callable[[], Any],
    alive: Callable[[], bool] = lambda: True,
    said: Callable[[], str] = str,
    seconds: float = 600,
) -> None:
    """Wait for a condition, as long as the process that brings it about is alive."""
    deadline = time.monotonic() + seconds
    while not condition():
        gone = not alive()
        assert condition() or not (gone or time.monotonic() > deadline), said()
        time.sleep(0.02)


class Yard:
    """The process that forks, and what it has forked; logs go into ``folder``.

    What is started while ``host`` names a network namespace runs in that.
    """

    host = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = "tcp://127.0.0.1:0"
        self._count = 0
        self._programs: list[Program] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.yard"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "COLUMNS": "110", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)},
            text=True,
            start_new_session=True,
        )

    def clear(self, folder: Path) -> None:
        """End what was started, and be ready to start others with logs in ``folder``."""
        for program in self._programs:
            with contextlib.suppress(ProcessLookupError):
                os.kill(program.pid, signal.SIGKILL)
        for program in self._programs:
            wait(lambda program=program: not program.alive())  # type: ignore[misc]
        self._programs.clear()
        self.folder, self.address, self.host = folder, "tcp://127.0.0.1:0", ""

    def close(self) -> None:
        """End all."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(60)

    def start(self, do: str, **order: Any) -> Program:
        """Fork a process that does what is ordered."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._count += 1
        log = self.folder / f"{self._count}-{do}.log"
        log.touch()
        self._process.stdin.write(
            json.dumps({"do": do, "log": str(log), "host": self.host, **order}) + "\n"
        )
        self._process.stdin.flush()
        program = Program(int(self._process.stdout.readline()), log)
        self._programs.append(program)
        return program

    def scheduler(self, **config: Any) -> Program:
        """The scheduler: on a free port, or again where it was; ``config`` is Dask's for it."""
        file = self.folder / "scheduler.json"
        file.unlink(missing_ok=True)
        host, _, port = self.address.removeprefix("tcp://").rpartition(":")
        argv = ["--host", host, "--port", port, "--no-dashboard"]
        argv += ["--dashboard-address", ":0", "--scheduler-file", str(file)]
        scheduler = self.start("scheduler", argv=argv, config=config)
        wait(lambda: file.exists() and file.read_text().strip().endswith("}"), scheduler.alive)
        self.address = json.loads(file.read_text())["address"]
        return scheduler

    def worker(self, course: Path, *options: object) -> Program:
        """A real worker, as soon as it takes jobs."""
        argv = ["worker", "--scheduler", self.address, "--course", course, "--no-nanny", *options]
        program = self.start("autograde", argv=[*map(str, argv)])
        program.wait_for("takes jobs")
        return program

    def dask_worker(self, course: Path, *options: object) -> Program:
        """A real worker as other deployments start it: Dask's own command, with our preload."""
        argv = [self.address, "--preload", "autograder.cluster.preload", "--no-nanny", *options]
        return self.start("dask_worker", argv=[*map(str, argv)], course=str(course))

    def stand_in(self, course: Path, slots: int = 1, **facts: Any) -> Program:
        """A worker without judges: its answers say what it does, see :func:`_answered`.

        ``facts`` replace those of this machine, ``python`` its version.
        """
        order = {"scheduler": self.address, "course": str(course), "slots": slots, "facts": facts}
        program = self.start("stand_in", **order)
        program.wait_for("takes jobs")
        return program

    def grade(self, course: Path, class_: Path, out: Path, *options: object) -> Program:
        """A coordinator."""
        argv = ["grade", class_, "--scheduler", self.address, "--course", course, "--out", out]
        return self.start("autograde", argv=[*map(str, argv), *map(str, options)])


# -- in its process ---------------------------------------------------------------------------


def _answered(slots: Any, job: Job, gpu: bool) -> Result:
    """What a stand-in makes of a job: ``kill`` ends the worker, ``wait 0.2`` takes its time.

    ``open`` leaves a measurement undecided the first time, ``gpu`` has a check that needs one.
    """
    words = job.source.decode().split()
    if "kill" in words:
        os.kill(os.getpid(), signal.SIGKILL)
    if "wait" in words:
        time.sleep(float(words[words.index("wait") + 1]))
    print("graded", job.student, *job.only, "with a GPU" * gpu, flush=True)
    undecided = "open" in words and not job.only
    checks = [CheckResult("one", "One", Verdict.PASSED, 3.0, 3.0, True, undecided=undecided)]
    if "gpu" in words:
        verdict, points = (Verdict.PASSED, 1.0) if gpu else (Verdict.DEFERRED, 0.0)
        checks.append(CheckResult("two", "Two", verdict, points, 1.0, True, needs=("gpu",)))
    asked = tuple(check for check in checks if not job.only or check.name in job.only)
    message = hashlib.sha256(job.source).hexdigest()
    verdict = overall(asked, untouched=False)
    return Result(job.student, job.exercise, job.seed, asked, 4.0, verdict, message)


def _stand_in(order: dict[str, Any]) -> None:
    from autograder import outline
    from autograder.cluster import slots, worker
    from autograder.cluster.facts import Facts, facts_of

    setattr(slots.Slots, "grade", _answered)  # noqa: B010
    course = outline.load(Path(order["course"]))
    facts = facts_of(course, (), walls=Walls.NAMESPACES, slots=order["slots"])
    other = order["facts"]
    if "python" in other:
        other["versions"] = {**facts.versions, "Python": other.pop("python")}
    facts = Facts.from_dict({**facts.as_dict(), **other})
    place = worker.Place(order["scheduler"], nanny=False)
    worker.run(place, slots.Setup(course.root, facts), lambda words: print(words, flush=True))


def _scheduler(order: dict[str, Any]) -> None:
    import dask.config
    from distributed.cli.dask_scheduler import main

    dask.config.set({f"distributed.scheduler.{k}": v for k, v in order["config"].items()})
    main(order["argv"], standalone_mode=False)


def _dask_worker(order: dict[str, Any]) -> None:
    from distributed.cli.dask_worker import main

    os.environ["KATA_COURSE"] = order["course"]
    main(order["argv"], standalone_mode=False)


def _autograde(order: dict[str, Any]) -> None:
    from autograder.cli import main

    sys.argv = ["autograde", *order["argv"]]
    main()


def _enter(host: str) -> None:
    """Enter a network namespace that `ip netns` has made. Python 3.12 has `os.setns`."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/run/netns/{host}", "rb") as place:
        if libc.setns(place.fileno(), _CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter {host}")


def _become(order: dict[str, Any]) -> None:
    """Do what is ordered, in a fork."""
    from autograder.judging.nursery import die_with_parent

    die_with_parent()
    os.setsid()
    if order["host"]:
        _enter(order["host"])
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND)
    null = os.open(os.devnull, os.O_RDONLY)
    for descriptor, place in ((null, 0), (log, 1), (log, 2)):
        os.dup2(descriptor, place)
    code: Any = 0
    try:
        globals()[f"_{order['do']}"](order)
    except SystemExit as error:
        code = error.code
    sys.stdout.flush()
    Path(order["log"]).with_suffix(".code").write_text(str(code or 0))


def main() -> None:
    """Fork for each order, until there are no more."""
    import distributed.cli.dask_scheduler  # noqa: F401

    import autograder.cluster.worker
    import autograder.commands.app
    import autograder.commands.clustered  # noqa: F401

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for what has ended
    for line in iter(sys.stdin.readline, ""):
        pid = os.fork()
        if pid == 0:
            try:
                _become(json.loads(line))
            except BaseException:
                import traceback

                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
