"""Where control groups are made, and how both versions of the kernel's files are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.grading.fleet import Fleet
from autograder.judging.settings import JudgeSettings
from autograder.outline import Course
from autograder.sandbox import cgroups
from autograder.sandbox.cgroups import Delegated, Group, cleanup, delegation
from autograder.sandbox.cgroups import group as group_
from autograder.sandbox.inside.limits import Limits, MiB


def folder(path: Path, passed_on: str = "") -> Path:
    """A control group of version 2 that this user may change."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "cgroup.procs").write_text("")
    (path / "cgroup.subtree_control").write_text(passed_on)
    return path


def test_the_group_above_that_passes_controllers_on(tmp_path: Path) -> None:
    """A desktop: the session's own group holds processes and can pass nothing on."""
    folder(tmp_path, "cpu memory pids")
    folder(tmp_path / "user", "cpu memory pids")
    own = folder(tmp_path / "user" / "terminal")
    assert delegation._unified(tmp_path, own) == (tmp_path / "user", True)


def test_without_controllers_its_own_group_serves_to_stop(tmp_path: Path) -> None:
    own = folder(tmp_path / "container")
    folder(tmp_path)
    assert delegation._unified(tmp_path, own) == (own, False)


def test_a_group_that_may_not_be_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = folder(tmp_path / "user", "memory pids")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert delegation._unified(tmp_path, own) == (None, False)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What is written into the files of a group, by their names."""
    seen: dict[str, str] = {}

    def write(path: Path, text: str) -> None:
        seen[path.name] = text
        path.write_text(text)
        (path.parent / "cgroup.freeze").write_text("0")

    monkeypatch.setattr(group_, "_write", write)
    return seen


LIMITS = Limits(memory=256 * MiB, processes=20)


def made(places: Delegated) -> tuple[Group, Path]:
    group = Group(4321, LIMITS, places)
    return group, next(iter(group._folders.values()))


def test_version_2(tmp_path: Path, written: dict[str, str]) -> None:
    group, path = made(Delegated(tmp_path, tmp_path, tmp_path))
    assert int(written["memory.max"]) == 320 * MiB
    assert written["memory.swap.max"] == "0" and written["memory.oom.group"] == "1"
    assert written["pids.max"] == "24" and written["cgroup.procs"] == "4321"
    (path / "cpu.stat").write_text("usage_usec 1500000\nuser_usec 1000000\n")
    assert group.cpu() == 1.5
    (path / "memory.current").write_text(f"{300 * MiB}\n")
    (path / "memory.stat").write_text(
        f"anon {90 * MiB}\nfile {170 * MiB}\nshmem {20 * MiB}\nslab_reclaimable {10 * MiB}\n"
    )
    assert group.memory(enough=400 * MiB) == 300 * MiB
    assert group.memory(enough=256 * MiB) == 140 * MiB
    (path / "memory.events").write_text("low 0\noom 1\noom_kill 0\n")
    assert not group.ran_out_of_memory()
    (path / "memory.events").write_text("low 0\noom 1\noom_kill 2\n")
    assert group.ran_out_of_memory()
    group.freeze()
    assert (path / "cgroup.freeze").read_text() == "1"
    group.thaw()
    assert (path / "cgroup.freeze").read_text() == "0"
    assert group.freezes and group.counts_cpu and group.bounds_memory


def test_a_peak_between_two_looks(tmp_path: Path, written: dict[str, str]) -> None:
    group, path = made(Delegated(tmp_path, tmp_path, tmp_path))
    assert not group.knows_peak and not group.peaked(256 * MiB)

    def say(peak: int, file: int, shmem: int = 0, slab: int = 0, pgsteal: int = 0) -> None:
        (path / "memory.peak").write_text(f"{peak * MiB}\n")
        (path / "memory.stat").write_text(
            f"anon {MiB}\nfile {file * MiB}\nshmem {shmem * MiB}\n"
            f"slab_reclaimable {slab * MiB}\npgscan 0\npgsteal {pgsteal}\n"
        )

    say(250, 1)
    assert group.knows_peak and not group.peaked(256 * MiB)
    say(300, 20, shmem=10, slab=5)
    assert group.peaked(256 * MiB)
    say(300, 50)  # copies of files, which nobody is charged for
    assert not group.peaked(256 * MiB)
    say(310, 20, pgsteal=1)  # there were more of them once
    assert not group.peaked(256 * MiB)


def test_version_1(tmp_path: Path, written: dict[str, str]) -> None:
    group, path = made(Delegated(None, tmp_path, None, tmp_path))
    assert int(written["memory.limit_in_bytes"]) == 320 * MiB
    assert int(written["memory.memsw.limit_in_bytes"]) == 320 * MiB
    assert int(written["memory.kmem.tcp.limit_in_bytes"]) == 64 * MiB
    assert "pids.max" not in written
    (path / "cpuacct.usage").write_text("2500000000\n")
    assert group.cpu() == 2.5
    (path / "memory.usage_in_bytes").write_text(f"{300 * MiB}\n")
    (path / "memory.stat").write_text(
        f"cache {150 * MiB}\nrss {100 * MiB}\nshmem {40 * MiB}\ntotal_rss {100 * MiB}\n"
    )
    assert group.memory(enough=256 * MiB) == 140 * MiB
    (path / "memory.oom_control").write_text("oom_kill_disable 0\nunder_oom 0\noom_kill 1\n")
    assert group.ran_out_of_memory() and not group.freezes


def test_what_is_refused_in_part_is_not_refused_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: dict[str, str]
) -> None:
    """Without a memory limit a worker can still be stopped as one."""
    here = Delegated(tmp_path / "2", tmp_path / "1", None)
    (tmp_path / "2").mkdir()  # the other one is not there
    monkeypatch.setattr(delegation, "find", lambda: here)
    group = cgroups.make(4321, LIMITS)
    assert group is not None and group.freezes and not group.bounds_memory
    assert not group.ran_out_of_memory()


def test_nothing_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delegation, "find", Delegated)
    assert cgroups.make(os.getpid(), LIMITS) is None


def test_only_what_the_dead_left_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delegation, "find", lambda: Delegated(tmp_path))
    space = cleanup._namespace()
    mine = f"kata-{space}-{cleanup._judge(os.getpid())}-1"
    names = [mine, "kata-7-1-1-1", f"kata-{space}-x", "other", f"kata-{space}-{os.getpid()}-1-1"]
    for name in names:
        folder(tmp_path / name)
        (tmp_path / name / "cgroup.subtree_control").unlink()
    monkeypatch.setattr(cleanup, "_left", set())
    # An ordinary folder is removed only when empty; a control group is empty without processes.
    real = Path.rmdir
    monkeypatch.setattr(
        Path, "rmdir", lambda self: ((self / "cgroup.procs").unlink(True), real(self))[1]
    )
    cgroups.sweep()
    # Another namespace's numbers mean nothing here; this process started at another time.
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(names[:4])


def test_the_last_sweep_waits_for_what_is_still_ending(
    tmp_path: Path, toy: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delegation, "find", lambda: Delegated(tmp_path))
    monkeypatch.setattr(cleanup, "_left", set())
    left = tmp_path / f"kata-{cleanup._namespace()}-{os.getpid()}-1-7"  # started at another time
    left.mkdir()
    (left / "cgroup.procs").write_text("")
    real, tries = Path.rmdir, iter(range(3))

    def rmdir(path: Path) -> None:
        if next(tries, None) is not None:
            raise OSError(16, "Device or resource busy")
        (path / "cgroup.procs").unlink()
        real(path)

    monkeypatch.setattr(Path, "rmdir", rmdir)
    with Fleet(toy, JudgeSettings(toy.root), 1):
        pass
    assert not left.exists()
