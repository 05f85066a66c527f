"""Judges under attack: a strict toy course, graded as oneself and as an unprivileged user."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox import bubblewrap
from autograder.sandbox.processes.procfs import tree
from tests.containers import in_container, lacking
from tests.unprivileged import as_unprivileged

ROOT = Path(__file__).resolve().parents[2]
TOY = ROOT / "tests" / "toy_course"
GOOD = "def double(x):\n    return x * 2\n"
STRICT = "limits = { wall = 2, cpu = 1, memory = 96, scratch = 4, processes = 24, output = 2000 }"
# Neither another worker of this run nor another run beside it may have the same.
WORKER = os.getpid() % 97
SLOT = 120 + 4 * WORKER
"""Slot of the first of two judges; their sandboxes run as users that no other test has."""


@dataclass
class Host:
    """Two judges of one user, and what their submissions leave on the machine."""

    process: subprocess.Popen[str]
    pid: int
    users: frozenset[int]
    scratch: Path | None = None
    """Where workers within a container have their folders; None behind namespaces."""

    @property
    def container(self) -> bool:
        """Whether the container is one of the walls."""
        return self.scratch is not None

    def grade(self, *tasks: tuple[int, str, list[str]]) -> list[dict[str, Any]]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(tasks) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the driver ended"
        results: list[dict[str, Any]] = json.loads(line)
        return results

    def one(self, source: str, *, public: bool = True) -> dict[str, Any]:
        """The result of one check of ``source``."""
        result = self.grade((0, source, ["test_two" if public else "test_any"]))[0]
        check: dict[str, Any] = result["checks"][0]
        return check

    def attack(self, source: str, verdicts: set[str], *words: str) -> dict[str, Any]:
        """Grade a hostile source between good ones; nothing may be left and nobody else hurt."""
        before = self.processes()
        bad, beside = self.grade((0, source, ["test_two"]), (1, GOOD, []))
        after = self.grade((0, GOOD, []))[0]
        check: dict[str, Any] = bad["checks"][0]
        assert check["verdict"] in verdicts, check
        assert check["points"] == 0 and bad["points"] == 0
        for word in words:
            assert word in check["message"], check
        for good in (beside, after):
            assert good["verdict"] == "passed" and good["points"] == 4, good
        assert self.processes() == before
        assert self.files() == []
        return check

    def processes(self) -> set[int]:
        """Processes of the judges, their zygotes and whatever ran away from them."""
        found = set(tree(self.pid))
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _owner(entry) in self.users:
                found.add(int(entry.name))
        # A pipe of the judge's own may be about to end; what is left must still be there.
        return {pid for pid in found if not _gone(pid)}

    def files(self) -> list[str]:
        """Files and shared memory that belong to the users of the sandboxes."""
        if self.scratch is not None:
            (inside,) = tree(self.pid)[1:2]  # the first process of the container
            shared = Path(f"/proc/{inside}/root/dev/shm")
            # Each zygote has a folder for those of its workers.
            places = [p for p in self.scratch.iterdir() if p.stat().st_uid == 0]
            return [str(p) for place in (*places, shared) for p in place.iterdir()]
        places = [Path(p) for p in ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock")]
        found = [p for place in places if place.is_dir() for p in place.iterdir()]
        left = [str(p) for p in found if _owner(p) in self.users]
        for kind in ("shm", "sem", "msg"):
            for line in Path(f"/proc/sysvipc/{kind}").read_text().splitlines()[1:]:
                left += [f"{kind} {line}"] if self.users & set(map(int, line.split())) else []
        return left


def _owner(path: Path) -> int:
    try:
        return path.lstat().st_uid
    except OSError:
        return -1


def _gone(pid: int) -> bool:
    """Whether a process has ended, or is ending and waits only to be noticed."""
    for _ in range(50):
        try:
            state = Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state not in "ZX":
            return False
        time.sleep(0.02)
    return False


def strict_course(folder: Path) -> Path:
    """A copy of the toy course with limits that an attack reaches within a second or two."""
    course = folder / "course"
    shutil.copytree(TOY, course)
    text = (course / "outline.toml").read_text()
    (course / "outline.toml").write_text(re.sub(r"limits = \{.*\}", STRICT, text))
    return course


@pytest.fixture(scope="session", params=["self", "unprivileged", "container"])
def host(
    request: pytest.FixtureRequest, walls: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Host]:
    """A pair of judges run by this user, by one without privileges, and by root of a container."""
    course = strict_course(tmp_path_factory.mktemp("strict"))
    command = [sys.executable, "-P", str(Path(__file__).with_name("driver.py"))]
    command += [str(course), str(SLOT)]
    me = os.geteuid()
    if request.param == "unprivileged":
        if me != 0:
            pytest.skip("these tests run as an unprivileged user already")
        me = 65_100 + WORKER
        # The sandboxes' user may not pass through pytest's own folders.
        course = Path(shutil.copytree(course, f"/var/tmp/kata-test-{os.getpid()}-{me}"))
        command[-2] = str(course)
        command = as_unprivileged(me, command)
    users = {bubblewrap.user(SLOT + n, trusted=False) for n in (0, 1)} if me == 0 else {me}
    scratch, environment = None, dict(os.environ)
    if request.param == "container":
        if reason := lacking():
            pytest.skip(reason)
        scratch = Path(tempfile.mkdtemp(prefix="kata-test-"))
        scratch.chmod(0o711)
        environment |= {"KATA_WALLS": "container", "TMPDIR": str(scratch)}
        command, users = in_container(command), set()
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    )
    assert process.stdout is not None and process.stdin is not None
    try:
        line = process.stdout.readline()
        if not line:
            pytest.skip(f"no judge can be run as user {me} here")
        assert json.loads(line)["uid"] == me
        yield Host(process, process.pid, frozenset(users - {os.geteuid()}), scratch)
    finally:
        process.stdin.close()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        if request.param == "unprivileged":
            shutil.rmtree(course)
        if scratch is not None:
            scratch.rmdir()  # nothing is left in it
