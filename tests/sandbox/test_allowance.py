"""A worker's time: what a busy machine takes from it does not count, what it imports a little."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from autograder.judging import rooms
from autograder.judging.timing import seconds_run
from autograder.outline import Course
from autograder.sandbox import bounds, deadline
from autograder.sandbox.deadline import Allowance
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.processes import procfs


class Machine:
    """A clock, and what the kernel has counted for the worker."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = self.delay = self.cpu = 0.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(deadline, "tree_delay", lambda pid, used: self.delay)
        monkeypatch.setattr(deadline, "tree_cpu", lambda pid: self.cpu)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


def late(machine: Machine, allowed: Allowance, now: float) -> bool:
    machine.now = now
    return allowed.late(now)


def test_a_sleeper_is_late_at_once(machine: Machine) -> None:
    allowed = Allowance(1, Limits(wall=5))
    assert not late(machine, allowed, 4.9)
    assert late(machine, allowed, 5.0)


def test_waiting_for_a_core_does_not_count(machine: Machine) -> None:
    allowed = Allowance(1, Limits(wall=5))
    machine.delay = 3.0
    assert not late(machine, allowed, 5.0)
    assert not late(machine, allowed, 7.9)
    assert late(machine, allowed, 8.0)
    allowed.begin(5)  # what was given back once is not given back again
    assert late(machine, allowed, 13.0)


def test_patience_has_an_end(machine: Machine) -> None:
    allowed = Allowance(1, Limits(wall=5))
    machine.delay = 1e6
    assert not late(machine, allowed, 129.9)
    assert late(machine, allowed, 130.0)


def test_imports_have_time_of_their_own(machine: Machine) -> None:
    allowed = Allowance(1, Limits(wall=5, cpu=2))
    allowed.begin_loading()
    machine.cpu = 5.0
    assert not allowed.spent() and not late(machine, allowed, 14.0)
    assert allowed.words(cpu=True) == "6 s of CPU time" and allowed.words(cpu=False) == "15 s"
    allowed.end_loading()
    assert not allowed.spent()  # four of the five seconds were the imports'
    machine.cpu = 6.8
    assert allowed.spent()
    assert allowed.words(cpu=True) == "2 s of CPU time"


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="not counted by this kernel")
def test_the_kernel_counts() -> None:
    """Two processes on one core: one of them waits while the other runs."""
    core = min(os.sched_getaffinity(0))
    busy = f"import os\nos.sched_setaffinity(0, {{{core}}})\nwhile True: pass"
    both = [subprocess.Popen([sys.executable, "-c", busy]) for _ in range(2)]
    try:
        while min(procfs.process_cpu(one.pid) for one in both) < 0.2:
            pass
        assert max(procfs.tree_delay(one.pid, 0.0) for one in both) > 0.1
    finally:
        for one in both:
            one.kill()
            one.wait()


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="not counted by this kernel")
def test_whoever_steps_back_is_not_kept_waiting() -> None:
    """A thread of lower priority than the judge's own waits because it chose to."""
    core = min(os.sched_getaffinity(0))
    nice = f"import os\nos.sched_setaffinity(0, {{{core}}})\nos.nice(5)\nwhile True: pass"
    both = [subprocess.Popen([sys.executable, "-c", nice]) for _ in range(2)]
    try:
        while min(procfs.process_cpu(one.pid) for one in both) < 0.1:
            pass
        assert [procfs.tree_delay(one.pid, 0.0) for one in both] == [0.0, 0.0]
        assert [procfs.main_delay(one.pid) for one in both] == [0.0, 0.0]
    finally:
        for one in both:
            one.kill()
            one.wait()


def test_nobody_gains_by_being_in_their_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the rest of the tree has run while a thread waited is its own doing."""
    threads = {"7": (1.0, 6.0), "8": (4.0, 2.0)}  # seconds that ran, that waited
    monkeypatch.setattr(os, "listdir", lambda path: list(threads))
    monkeypatch.setattr(procfs, "tree", lambda pid: [7])
    monkeypatch.setattr(procfs, "_thread", lambda task: threads[task.rpartition("/")[2]])
    assert procfs.tree_delay(7, used=5.0) == 2.0
    assert procfs.tree_delay(7, used=9.0) == 0.0  # children that have ended have run, too
    assert procfs.tree_delay(7, used=1.0) == 6.0  # alone in its tree: the machine's


def test_only_the_first_thread_is_given_time_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where speed is measured, threads that wait beside it count for nothing."""
    seen: list[str] = []
    monkeypatch.setattr(procfs, "_thread", lambda task: (seen.append(task), (0.0, 3.0))[1])
    assert procfs.main_delay(os.getpid()) == 3.0
    assert seen == [f"/proc/{os.getpid()}/task/{os.getpid()}"]


class Processes:
    """A tree as looks at it find it: rows of CPU seconds by process id."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.rows: dict[int, tuple[float | str, ...]] = {1: ("S", 0.0)}
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(os, "cpu_count", lambda: 2)
        monkeypatch.setattr(procfs, "tree", lambda pid: list(self.rows))
        monkeypatch.setattr(procfs, "stat", self.stat)
        self.sampled = bounds.Sampled(1)
        self.sampled.look()

    def stat(self, pid: int) -> list[str]:
        state, used, *below = self.rows[pid]
        ticks = [str(round(float(n) * procfs._TICKS)) for n in (used, 0, *below, *[0] * 2)]
        return [str(state), *["0"] * 10, *ticks[:4], *["0"] * 4, str(pid)]

    def look(self, **rows: tuple[float | str, ...]) -> float:
        """State, own seconds and those of children that were waited for, by process."""
        self.now += 0.05
        self.rows = {int(name[1:]): row for name, row in rows.items()}
        return self.sampled.look()


def test_what_has_ended_stays_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Processes(monkeypatch)
    assert seen.look(p1=("S", 0.1), p2=("S", 0.5)) == pytest.approx(0.6)
    assert seen.look(p1=("S", 0.1)) == pytest.approx(0.6)  # nobody waited for it
    assert seen.look(p1=("S", 0.2)) == pytest.approx(0.7)
    assert seen.look(p1=("S", 0.2), p3=("S", 0.4)) == pytest.approx(1.1)
    # Waited for: it is its parent's now.
    assert seen.look(p1=("S", 0.2, 0.4), p4=("S", 0.3)) == pytest.approx(1.4)


def test_short_lives_are_counted_by_their_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """At each look another process runs: such have run all the time."""
    seen = Processes(monkeypatch)
    for n in range(20):
        used = seen.look(p1=("S", 0.0), **{f"p{n + 2}": ("R", 0.01)})
    assert used == pytest.approx(20 * 0.05, rel=0.1)


@pytest.mark.parametrize(
    ("source", "profile"),
    [
        ("def double(x): return 2 * x", "plain"),
        ("import numpy as np", "numpy"),
        ("import os, numpy, torch", "torch"),
        ("def f():\n    from torch.nn import functional", "torch"),
        ("import torch\noptimiser = torch.optim.SGD", "torch+torch._dynamo"),
        ("import torch, re\nre.compile('')", "torch+torch._dynamo"),
        ("import re\nre.compile('')", "plain"),
        ("from numpy.random import (\n    default_rng,\n)", "numpy"),
        ("# import torch", "plain"),
        ("import math  # not torch", "plain"),
        ("important = 'torch'", "plain"),
        ("import torchless", "plain"),
        ("import torch\n\x00 and no Python (", "torch"),
    ],
)
def test_what_is_imported_ahead(toy: Course, source: str, profile: str) -> None:
    assert rooms.profile_for(toy.exercise("double"), source.encode()) == profile


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="not counted by this kernel")
def test_what_ended_has_run() -> None:
    """Whoever lets a thread or a child do the work has taken that time."""

    def work() -> None:
        while time.thread_time() < 0.1:
            pass

    before = procfs.cpu_by_process(os.getpid())
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    between = procfs.cpu_by_process(os.getpid())
    assert seconds_run(before, between) > 0.09
    busy = "import time\nwhile time.process_time() < 0.2: pass"
    subprocess.run([sys.executable, "-c", busy], check=True)
    assert seconds_run(between, procfs.cpu_by_process(os.getpid())) > 0.17


def test_a_process_that_has_gone_takes_nothing_off() -> None:
    """Children that a submission kills when it is timed had run before, not less than nothing."""
    before = {1: (1.0, 0.5), 2: (30.0, 0.0), 3: (2.0, 0.0)}
    assert seconds_run(before, {1: (1.25, 0.5)}) == pytest.approx(0.25)
    # It waited for 3, which had run 2 s before and 1 s since, and not for 2.
    after = {1: (1.25, 3.5), 2: (30.5, 0.0)}
    assert seconds_run(before, after) == pytest.approx(0.25 + 0.5 + 1.0)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of the kernel")
def test_the_kernels_limit_is_out_of_the_way() -> None:
    """It counts in ticks, up to a fifth too much, and must not come before the judge's."""
    code = (
        "import resource\n"
        "from autograder.sandbox.inside.limits import Limits, apply_rlimits\n"
        "apply_rlimits(Limits(cpu=3), processes=False)\n"
        "print(*resource.getrlimit(resource.RLIMIT_CPU))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    soft, hard = map(int, done.stdout.split())
    allowed = Allowance(os.getpid(), Limits(cpu=3))
    allowed.begin_loading()
    judges = (allowed._cpu() * 1.1 + 0.5) * 1.25
    assert judges < soft < hard  # SIGXCPU first: it says what it was
