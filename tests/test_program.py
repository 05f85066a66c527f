"""How the programs end: a screen that goes away, signals, descriptors that are closed."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.outline import Course

GOOD = "def double(x):\n    return 2 * x\n"
APP = """
import os, signal, sys, time
from autograder.command_line import program
program.environment.restart = lambda module: None
def app(prog_name):
    {body}
program.run("prog", "no.module", lambda: app, 7, True)
"""


def ended(body: str, shell: str = "", **options: Any) -> subprocess.CompletedProcess[str]:
    """A program with this body, started by a shell with these redirections."""
    code = APP.format(body=body.replace("\n", "\n    "))
    command = ["bash", "-c", f'exec "$0" -c "$1" {shell}', sys.executable, code]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, **options
    )


def test_a_full_disk_behind_the_screen_is_told_once_all_is_done(tmp_path: Path) -> None:
    body = "print('x' * 100_000)\nopen(sys.argv[0] + 'done', 'w')\nsys.exit(0)"
    done = ended(body.replace("sys.argv[0] + ", f"{str(tmp_path)!r} + '/' + "), ">/dev/full")
    assert done.returncode == 7 and (tmp_path / "done").exists()
    words = "prog: standard output cannot be written: No space left on device\n"
    assert done.stderr == words
    assert ended("print('x')\nsys.exit(1)", ">/dev/full").returncode == 1


def test_whoever_has_seen_enough_stops_nothing() -> None:
    body = "print('x' * 1000_000)\nprint('y', file=sys.stderr)\nsys.exit(3)"
    command = ["bash", "-c", '"$0" -c "$1" | head -c 3; exit ${PIPESTATUS[0]}', sys.executable]
    code = APP.format(body=body.replace("\n", "\n    "))
    done = subprocess.run([*command, code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, "xxx", "y\n")


@pytest.mark.parametrize("closed", [">&-", "<&-", ">&- 2>&- <&-"])
def test_closed_descriptors_are_no_place_for_files(closed: str, tmp_path: Path) -> None:
    body = (
        f"file = open({str(tmp_path / 'file')!r}, 'w')\n"
        "assert file.fileno() > 2, file.fileno()\n"
        "print('x'); print('y', file=sys.stderr); sys.stdin.read() if {read} else 0\n"
        "import subprocess; subprocess.run(['true'], check=True)\nsys.exit(0)"
    ).format(read="<&-" in closed)
    assert ended(body, closed, stdin=subprocess.DEVNULL).returncode == 0
    assert (tmp_path / "file").read_text() == ""


def test_names_that_are_no_text_can_be_shown() -> None:
    done = ended("print('a\\udcffb é')\nsys.exit(0)", env={**os.environ, "PYTHONUTF8": "1"})
    assert (done.returncode, done.stdout) == (0, "a\\udcffb é\n")
    few = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = ended("print('\\u00e9 x')\nsys.exit(0)", env=few)
    assert (done.returncode, done.stdout) == (0, "? x\n")


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_every_request_to_end_is_like_ctrl_c(name: str, code: int) -> None:
    body = f"os.kill(os.getpid(), signal.{name}); time.sleep(9)"
    done = ended(body)
    assert (done.returncode, done.stderr) == (code, "Stopped.\n")
    # Commands answer a ctrl-C themselves; pressed twice, it does not break what they put away.
    body = (
        "try:\n"
        f"    os.kill(os.getpid(), signal.{name}); time.sleep(9)\n"
        "except KeyboardInterrupt:\n"
        "    os.kill(os.getpid(), signal.SIGINT); time.sleep(0.01)\n"
        "    print('kept'); sys.exit(130)"
    )
    done = ended(body)
    assert (done.returncode, done.stdout, done.stderr) == (code, "kept\n", "")


def test_errors_of_the_file_system_are_a_sentence() -> None:
    done = ended("open('/nowhere/at/all', 'w')")
    assert done.returncode == 2
    assert done.stderr == "prog: /nowhere/at/all: No such file or directory\n"


def test_nohup_is_heeded() -> None:
    body = "os.kill(os.getpid(), signal.SIGHUP); print('on'); sys.exit(0)"
    code = APP.format(body=body)
    command = ["bash", "-c", 'trap "" HUP; exec "$0" -c "$1"', sys.executable, code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "on\n")


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    for name, text in {"ann": GOOD, "bob": f"import time\ntime.sleep(0.4)\n{GOOD}"}.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "double.py").write_text(text)
    return tmp_path / "class"


def grade(submissions: Path, toy: Course) -> list[str]:
    out = str(submissions.parent / "out")
    return [
        sys.executable,
        "-m",
        "autograder.cli",
        "grade",
        str(submissions),
        "--course",
        str(toy.root),
        "--only",
        "double",
        "--out",
        out,
        "--jobs",
        "1",
    ]


def children(pid: int) -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def test_a_terminal_that_closes_loses_nothing(
    submissions: Path, tmp_path: Path, toy: Course, walls: None
) -> None:
    import psutil

    scratch = tmp_path / "scratch"
    scratch.mkdir()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TMPDIR"] = str(scratch)
        os.execv(sys.executable, grade(submissions, toy))
    started: list[int] = []
    shown = b""
    store = tmp_path / "out" / "store.sqlite"
    while not _stored(store):
        shown += os.read(terminal, 1 << 16)
    started = children(pid)
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 128 + signal.SIGHUP, shown
    deadline = time.monotonic() + 20
    while any(map(psutil.pid_exists, started)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(psutil.pid_exists, started)) and not list(scratch.iterdir())
    # Whoever runs it again, its output into a full disk, gets all of the files.
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            grade(submissions, toy), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 3 and "standard output cannot be written" in done.stderr
    lines = (tmp_path / "out/results.jsonl").read_text().splitlines()
    assert [json.loads(line)["points"] for line in lines] == [4, 4]
    assert (tmp_path / "out/grades.csv").exists() and len(
        list(tmp_path.glob("out/feedback/*"))
    ) == 2


def _stored(path: Path) -> int:
    import contextlib
    import sqlite3

    if not path.exists():
        return 0
    with contextlib.closing(sqlite3.connect(path)) as store, contextlib.suppress(sqlite3.Error):
        return int(store.execute("select count(*) from kata_graded").fetchone()[0])
    return 0
