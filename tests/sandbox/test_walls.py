"""Zygotes that are forks of one root: one import, and nothing of a submission is shared."""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.judging import observations
from autograder.sandbox import bubblewrap, walls
from autograder.sandbox.endings import SandboxFault
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.processes import procfs, tree
from autograder.sandbox.walls import Kind, RootSet
from autograder.sandbox.worker import Worker
from autograder.sandbox.zygote import Zygote

pytestmark = pytest.mark.usefixtures("walls")

LIMITS = Limits(wall=20, cpu=10)


@pytest.fixture
def roots() -> Iterator[RootSet]:
    roots = RootSet(())
    yield roots
    roots.close()


@pytest.fixture
def zygotes(roots: RootSet) -> Iterator[tuple[Zygote, Zygote]]:
    pair = Zygote("plain", slot=212, roots=roots), Zygote("plain", slot=213, roots=roots)
    yield pair
    for zygote in pair:
        zygote.close()


def status(worker: Worker, name: str) -> list[str]:
    """A line of /proc's status of a worker, as this namespace sees it."""
    for line in Path(f"/proc/{worker.process.pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return line.split()[1:]
    raise AssertionError(name)


def test_two_zygotes_are_forks_of_one_root(roots: RootSet, zygotes: tuple[Zygote, Zygote]) -> None:
    workers = [zygote.worker(LIMITS) for zygote in zygotes]
    (root,) = roots.walls.values()
    below = tree(root.pid)
    assert all(worker.process.pid in below for worker in workers)
    for worker in workers:
        worker.load({"name": "answer", "source": b"", "files": {}})  # the walls stand by now
        assert status(worker, "CapEff") == ["0" * 16]
        worker.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has users to give away")
def test_each_zygote_is_a_user_of_its_own(zygotes: tuple[Zygote, Zygote]) -> None:
    workers = [zygote.worker(LIMITS) for zygote in zygotes]
    users = [int(status(worker, "Uid")[0]) for worker in workers]
    assert users == [bubblewrap.user(slot, trusted=False) for slot in (212, 213)]
    for worker in workers:
        worker.close()


LOOK = b"""
import os, pathlib
def look():
    own, seen = pathlib.Path("/proc/self").readlink().name, []
    for path in pathlib.Path("/proc").iterdir():
        if path.name.isdigit() and path.name != own:
            for name in ("root", "cwd", "fd/0"):  # how many it has is no secret
                try:
                    some = os.readlink(path / name)
                except OSError:
                    continue
                if some:  # of one that has just ended there is nothing to see
                    seen.append(f"{path}/{name}")
            for name in ("mem", "environ", "maps"):
                try:
                    some = (path / name).open("rb").read(1)
                except OSError:
                    continue
                if some:
                    seen.append(f"{path}/{name}")
    return seen
"""


def test_no_worker_reaches_into_another_zygotes(zygotes: tuple[Zygote, Zygote]) -> None:
    """Their names stay visible in /proc; memory, environment and files do not."""
    one, other = (zygote.worker(LIMITS) for zygote in zygotes)
    one.load({"name": "answer", "source": b"secret = 1\n", "files": {}})
    other.load({"name": "answer", "source": LOOK, "files": {}})
    question = {"function": observations.pack(look), "helpers": [], "arguments": {}, "sets": ()}
    assert other.call({"op": "observe", **question}) == {"value": []}
    for worker in (one, other):
        worker.close()


def look(module: Any) -> Any:
    """What the code of ``LOOK`` can read of processes that are not its own."""
    return module.look()


def test_zygotes_for_students_and_for_ours_share_a_root_and_no_more(roots: RootSet) -> None:
    students, ours = (Zygote("plain", slot=212, trusted=t, roots=roots) for t in (False, True))
    workers = [students.worker(LIMITS), ours.worker(LIMITS)]
    for worker in workers:
        worker.load({"name": "answer", "source": LOOK, "files": {}})
    assert set(roots.walls) == {Kind("plain")}
    namespaces = [
        {Path(f"/proc/{worker.process.pid}/ns/{kind}").readlink() for worker in workers}
        for kind in ("user", "pid", "mnt", "net", "ipc", "uts")
    ]
    assert all(len(found) == 2 for found in namespaces)
    if os.geteuid() == 0:
        assert status(workers[0], "Uid") != status(workers[1], "Uid")
    question = {"function": observations.pack(look), "helpers": [], "arguments": {}, "sets": ()}
    assert workers[0].call({"op": "observe", **question}) == {"value": []}
    for worker in workers:
        worker.close()
    for zygote in (students, ours):
        zygote.close()


def test_a_root_that_was_killed_is_replaced(roots: RootSet, zygotes: tuple[Zygote, Zygote]) -> None:
    zygotes[0].worker(LIMITS).close()
    (root,) = roots.walls.values()
    os.kill(root.pid, signal.SIGKILL)
    wall = zygotes[0]._wall
    assert wall is not None
    while not walls.ended(wall.control):  # its forks end a moment later
        time.sleep(0.01)
    worker = zygotes[0].worker(LIMITS)
    (after,) = roots.walls.values()
    assert after.pid != root.pid
    worker.close()


def runs(pid: int) -> bool:
    """Whether a process is there, and has not ended."""
    row = procfs.stat(pid)
    return bool(row) and row[0] not in "ZX"


def test_a_zygote_ends_when_its_judge_hangs_up(
    roots: RootSet, zygotes: tuple[Zygote, Zygote]
) -> None:
    zygotes[1].worker(LIMITS).close()
    (root,) = roots.walls.values()
    without = {*tree(root.pid)}
    zygotes[0].worker(LIMITS).close()
    of_its_own = {*tree(root.pid)} - without
    assert any(map(runs, of_its_own))
    zygotes[0].close()
    while any(map(runs, of_its_own)):  # or the test's own time limit ends it
        time.sleep(0.01)
    zygotes[1].worker(LIMITS).close()


def test_packages_are_loaded_once_behind_the_wall_of_the_profile(roots: RootSet) -> None:
    def loaded(module: Any) -> Any:
        import sys

        return "wave" in sys.modules

    question = {"function": observations.pack(loaded), "helpers": [], "arguments": {}, "sets": ()}
    found = []
    for profile, slot in (("plain", 212), ("plain+wave", 213), ("plain+wave", 214)):
        zygote = Zygote(profile, slot=slot, roots=roots)
        worker = zygote.worker(LIMITS)
        worker.load({"name": "answer", "source": b"", "files": {}})
        found.append(worker.call({"op": "observe", **question}))
        worker.close()
        zygote.close()
    assert found == [{"value": False}, {"value": True}, {"value": True}]
    assert set(roots.walls) == {Kind("plain")} and set(roots.forks) == {Kind("plain+wave")}


def test_a_package_that_does_not_load_ends_nothing_else(
    roots: RootSet, zygotes: tuple[Zygote, Zygote]
) -> None:
    worker = zygotes[0].worker(LIMITS)
    other = Zygote("plain+kata_no_such_package", slot=214, roots=roots)
    with pytest.raises(SandboxFault, match="kata_no_such_package, which an exercise needs"):
        other.worker(LIMITS)
    other.close()
    assert not worker.ended and runs(worker.process.pid)
    worker.close()
    zygotes[1].worker(LIMITS).close()


def test_a_root_that_ends_before_it_is_asked_is_heard() -> None:
    class Gone(RootSet):
        """A root that ends on being looked for."""

        def control(self, kind: Kind) -> socket.socket:
            control = super().control(kind)
            if kind != Kind("plain"):
                select.select([control], [], [], 60)
            return control

    roots = Gone(())
    zygote = Zygote("plain+kata_no_such_package", slot=212, roots=roots)
    with pytest.raises(SandboxFault, match="kata_no_such_package, which an exercise needs"):
        zygote.start()
    zygote.close()
    roots.close()


def test_what_keeps_a_root_from_starting_is_said() -> None:
    roots = RootSet(())
    zygote = Zygote("plain+kata_no_such_package", slot=212, roots=roots)
    with pytest.raises(SandboxFault, match="kata_no_such_package, which an exercise needs"):
        zygote.start()
    zygote.close()
    roots.close()
    with pytest.raises(SandboxFault, match="cannot be hidden from"):
        Zygote("plain", slot=212, roots=RootSet((Path("/usr"),))).start()
