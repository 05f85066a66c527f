"""The progress file: two terminals, upgrades, full disks, folders that cannot be written."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.kata import naming
from autograder.kata.progress import VERSION, Progress, Standing
from autograder.kata.workspace import Workspace
from autograder.outline import Course
from tests.kata.kata_support import BAD, GOOD, Run, write


def test_what_is_remembered(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    assert progress.standings() == {}
    progress.note_check("a", 1, 3, False)
    assert progress.standing("a").state == "tried"
    progress.note_check("a", 3, 3, True)
    done = progress.standing("a").done
    progress.note_check("a", 2, 3, False)
    now = progress.standing("a")
    assert (now.state, now.done, now.passed, now.runs) == ("passed", done, 2, 3)
    assert [progress.note_hint("a", 2).hints for _ in range(3)] == [1, 2, 2]
    progress.note_gave_up("a")
    progress.note_reset("a")
    now = progress.standing("a")
    assert (now.state, now.hints, bool(now.gave_up)) == ("new", 2, True)


def test_hidden_checks_to_come_are_no_pass(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    assert progress.note_check("a", 2, 2, True, hidden=3).state == "public passed"
    assert progress.standing("a").done and progress.standing("a").hidden == 3
    assert progress.note_check("a", 5, 5, True).state == "passed"


def test_next_is_what_comes_after_the_last_check(toy: Course) -> None:
    def at(id: str, done: str = "") -> dict[str, Standing]:
        return {id: Standing(checked="2026-01-01T10:00:00+00:00", done=done)}

    def next_of(standings: dict[str, Standing], after: str | None = None) -> str:
        found = naming.following(toy, standings, after)
        return found.id if found is not None else ""

    assert next_of({}) == "double"
    # The same whether that was passed or is left for later, and whatever asks.
    assert next_of(at("double")) == next_of(at("double", "now")) == "stack"
    assert next_of(at("double"), "double") == "stack" and next_of({}, "stack") == "primes"
    last = toy.exercises[-1].id
    assert next_of(at(last, "now")) == "double"
    assert next_of({e.id: Standing(done="now") for e in toy.exercises}) == ""


def test_two_terminals_lose_nothing(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from autograder.kata.progress import Progress\n"
        "for n in range(25): Progress(Path(sys.argv[1])).note_hint(sys.argv[2], 1000)\n"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for name in ("a", "a")
    ]
    assert [p.wait(60) for p in both] == [0, 0]
    assert Progress(tmp_path).standing("a").hints == 50


def test_two_commands_at_once(kata: Run, space: Workspace) -> None:
    write(space, "double", GOOD)
    write(space, "stack", "class Stack(list):\n    push = list.append\n")
    results: list[subprocess.CompletedProcess[str]] = []
    threads = [
        threading.Thread(target=lambda id=id: results.append(kata("check", id)))
        for id in ("double", "stack")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(r.returncode == 0 for r in results), results
    assert set(space.progress.standings()) == {"double", "stack"}


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    progress.note_hint("a", 9)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            progress.note_check("a" * 500, 1, 2, False)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(300):
            assert progress.standing("a").hints == 1
    finally:
        stop.set()
        thread.join()


def test_an_older_workspace_is_read_and_upgraded(kata: Run, space: Workspace) -> None:
    old = {"version": 1, "passed": ["double", "gone"], "hints": {"stack": 1}, "started": "2025"}
    space.progress.path.write_text(json.dumps(old))
    # What an older course had not: a file and the copy of its stub.
    space.path(space.course.exercise("primes")).unlink()
    shown = kata("list", "--plain").stdout
    assert "passed: double" in shown and "not started: stack" in shown
    assert "Next: stack" in kata().stdout
    assert kata("init", str(space.root), "--course", str(space.course.root)).returncode == 0
    assert space.path(space.course.exercise("primes")).is_file()
    kata("hint", "stack")
    data = json.loads(space.progress.path.read_text())
    assert data["version"] == VERSION and data["exercises"]["double"]["done"] == "2025"
    assert data["exercises"]["gone"] and data["exercises"]["stack"]["hints"] == 1


def test_what_a_newer_version_wrote_is_kept(space: Workspace) -> None:
    entry = {"hints": 1, "streak": 5}
    data = {"version": VERSION, "theme": "dark", "exercises": {"double": entry}}
    space.progress.path.write_text(json.dumps(data))
    space.progress.note_hint("double", 3)
    after = json.loads(space.progress.path.read_text())
    assert after["theme"] == "dark"
    assert after["exercises"]["double"] == {"hints": 2, "streak": 5}


def test_a_newer_or_damaged_file_is_an_error_in_words(kata: Run, space: Workspace) -> None:
    write(space, "double", GOOD)
    for text, said in [
        (json.dumps({"version": VERSION + 1}), "was written by a newer kata"),
        ('{"version": 2, "exer', "it was cut off or edited"),
        ("[]", "it was cut off or edited"),
    ]:
        space.progress.path.write_text(text)
        done = kata("list")
        assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
        done = kata("check", "double")
        assert done.returncode == 0 and said.split()[-1] in done.stdout
        assert space.progress.path.read_text() == text


def flat(text: str) -> str:
    """Text without the breaks that a terminal's width put in."""
    return " ".join(text.split())


@contextlib.contextmanager
def read_only(space: Workspace) -> Iterator[None]:
    """Nothing of the workspace can be written; for root, that takes a mount."""
    if os.geteuid() == 0:
        if not _read_only_mount(space.root):
            pytest.skip("root may write everywhere, and nothing can be mounted here")
        try:
            yield
        finally:
            subprocess.run(["umount", str(space.root)], check=True)
        return
    folders = [space.root, space.folder, space.root / "exercises" / "basics"]
    for folder in folders:
        folder.chmod(0o555)
    try:
        yield
    finally:
        for folder in folders:
            folder.chmod(0o755)


def test_read_only_workspace(kata: Run, space: Workspace) -> None:
    write(space, "double", BAD)
    with read_only(space):
        done = kata("check", "double")
        assert done.returncode == 1 and "double(2) returned 6." in done.stdout
        said = flat(done.stdout)
        assert "progress was not saved" in said and "the workspace is read-only" in said
        assert kata("list").returncode == 0
        done = kata("hint", "double")
        assert done.returncode == 0 and "Twice." in done.stdout
        assert "the workspace is read-only" in flat(done.stdout)
        done = kata("reset", "double")
        assert done.returncode == 2 and "was not reset" in done.stderr
        done = kata("submit")
        assert done.returncode == 2 and "was not written" in done.stderr
        assert "Traceback" not in done.stderr
    assert space.path(space.course.exercise("double")).read_text() == BAD


def _read_only_mount(root: Path) -> bool:
    bind = subprocess.run(["mount", "--bind", root, root], capture_output=True, check=False)
    if bind.returncode:
        return False
    again: list[str | Path] = ["mount", "-o", "remount,bind,ro", root]
    if subprocess.run(again, capture_output=True, check=False).returncode:
        subprocess.run(["umount", root], check=True)
        return False
    return True


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root only")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)


def test_full_disk(kata: Run, space: Workspace, small_disk: Path) -> None:
    course = ["--course", str(space.course.root)]
    root = small_disk / "kata"
    assert kata("init", str(root), *course).returncode == 0
    path = root / "exercises" / "basics" / "double.py"
    path.write_text(GOOD)
    assert kata("check", "double", cwd=root).returncode == 0
    before = (root / ".kata" / "progress.json").read_text()
    _fill(small_disk / "filler")
    done = kata("check", "double", cwd=root)
    assert done.returncode == 0 and "the disk is full" in flat(done.stdout)
    assert (root / ".kata" / "progress.json").read_text() == before
    for arguments in (("reset", "double"), ("submit",), ("progress", "--export", "p.json")):
        done = kata(*arguments, cwd=root)
        assert done.returncode == 2 and "No space left" in done.stderr, arguments
        assert "Traceback" not in done.stderr
    assert path.read_text() == GOOD
    assert kata("init", str(small_disk / "more"), *course).returncode == 2
    (small_disk / "filler").unlink()
    assert kata("reset", "double", cwd=root).returncode == 0
    assert sorted(p.name for p in root.iterdir() if p.name.startswith(".kata-")) == []


def test_a_stopped_writer_is_named(tmp_path: Path) -> None:
    import filelock

    code = (
        "import sys; from pathlib import Path; from autograder.kata import progress\n"
        "progress._LOCK_WAIT = 0.05\n"
        "try: progress.Progress(Path(sys.argv[1])).note_hint('a', 3)\n"
        "except progress.ProgressError as e: sys.exit(str(e))\n"
    )
    with filelock.FileLock(tmp_path / "lock"):
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
        )
    assert done.returncode == 1 and "another kata" in done.stderr
