"""``kata check``: verdicts, exit codes, names, and files that are no exercise any more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import outline
from autograder.kata import setup, workspace
from autograder.kata.workspace import Workspace
from tests.kata.kata_support import BAD, GOOD, KATA, Run, environment, write

MODES = ("fork", "spawn")


@pytest.mark.parametrize("mode", MODES)
def test_pass_and_fail(kata: Run, space: Workspace, mode: str) -> None:
    write(space, "double", GOOD)
    done = kata("check", "double", mode=mode)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All 2 checks passed." in done.stdout
    write(space, "double", BAD)
    done = kata("check", "double", mode=mode)
    assert done.returncode == 1
    assert "double(2) returned 6." in done.stdout and "Hint: Add it to itself." in done.stdout
    assert "Some numbers were not doubled." in done.stdout
    assert done.stderr == ""


def test_references_pass_without_fork_in_one_interpreter(tmp_path: Path) -> None:
    """Each of these turns logging off or patches torch; the next one must not notice."""
    ids = ("log_calls", "strategy_trainer")
    course = outline.load()
    setup.init(tmp_path / "kata", course, str(course.root))
    space = workspace.find(tmp_path / "kata")
    for id in ids:
        write(space, id, course.solution(course.exercise(id)).read_bytes())
    done = subprocess.run(
        [*KATA, "check", *ids, "--plain"],
        cwd=space.root,
        env=environment(KATA_WORKERS="spawn"),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=400,
        stdin=subprocess.DEVNULL,
    )
    assert "2 of 2 exercises passed." in done.stdout, done.stdout + done.stderr


def test_prefix_typo_and_path(kata: Run, space: Workspace) -> None:
    write(space, "double", GOOD)
    for name in ("dou", "exercises/basics/double.py", "DOUBLE"):
        assert kata("check", name).returncode == 0, name
    done = kata("check", "doubel")
    assert done.returncode == 2 and done.stdout == ""
    assert "Did you mean double?" in done.stderr
    assert "`kata list`" in kata("check", "qqqqqq").stderr


def test_the_exercise_saved_last_is_the_one_meant(kata: Run, space: Workspace) -> None:
    write(space, "double", GOOD)
    stack = write(space, "stack", "class Stack(list):\n    push = list.append\n")
    os.utime(stack, (2e9, 2e9))
    assert "stack: A stack" in kata("check").stdout


def test_json_and_all(kata: Run, space: Workspace) -> None:
    write(space, "double", "print('loaded')\n" + GOOD)
    write(space, "primes", (space.course.root / "solutions/basics/primes.py").read_text())
    done = kata("check", "--all", "--json")
    assert done.returncode == 0, done.stdout
    document = json.loads(done.stdout)
    assert document["schema"] == 1 and document["passed"] is True
    double, primes = document["exercises"]
    assert double["exercise"] == "double" and double["checks"][0]["printed"] == "loaded\n"
    assert double["checks"][1]["printed"] == ""  # hidden inputs could be in it
    (speed,) = primes["checks"][1]["measured"]
    assert speed["kind"] == "speed" and speed["at_most"] == 5 and speed["ratio"] > 0
    assert kata("check", "primes").stdout.count("(limit 5x)") == 1


def test_full_folders_above_are_not_looked_through(space: Workspace) -> None:
    write(space, "double", GOOD)
    program = """if True:
        import sys
        looked = []
        hook = lambda event, about: looked.append(str(about[0])) if event == "os.scandir" else None
        sys.addaudithook(hook)
        from autograder.kata.app import app
        try:
            app(["check", "double"])
        finally:
            print("LOOKED", *looked, sep="\\n")
    """
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=space.root,
        env=environment(),
        text=True,
        encoding="utf-8",
        capture_output=True,
        check=True,
    )
    said, _, looked = done.stdout.partition("LOOKED\n")
    above = space.course.grader(space.course.exercise("double")).parent.parents
    assert "All 2 checks passed." in said
    assert not {*looked.splitlines()} & {*map(str, above)}


def test_untouched_stub_is_not_started(kata: Run, space: Workspace) -> None:
    done = kata("check", "double", "--plain")
    assert done.returncode == 1
    assert "not started: In exercises/basics/double.py, replace" in done.stdout
    assert space.progress.standings() == {}


def test_deferred_checks_do_not_hold_back(kata: Run, space: Workspace) -> None:
    write(space, "stack", (space.course.root / "solutions/basics/stack.py").read_text())
    done = kata("check", "stack")
    if "All 3 checks" in done.stdout:
        pytest.skip("this machine has a GPU")
    assert done.returncode == 0
    assert "2 of 2 checks that can run here passed." in done.stdout
    assert "1 check not run here. Needs a CUDA GPU." in done.stdout


def test_prints_stand_apart_and_hidden_ones_stay_hidden(kata: Run, space: Workspace) -> None:
    write(space, "double", "def double(x):\n    print('got', x)\n    return 2 * x\n")
    done = kata("check", "double")
    assert done.returncode == 0
    assert "Your code printed, in “double(2) is 4.”:\n  │ got 2" in done.stdout
    assert done.stdout.count("got") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "`double` is not defined in your double.py."),
        (bytes(range(256)) * 40, "holds zero bytes: it is not a text file"),
        (b"# \xff\xfe\ndef double(x): return 2 * x\n", "is not utf-8 text"),
        (b"#" * (1 << 20) + b"\n" + GOOD.encode(), "is larger than 1024 KiB"),
        (b"def double(x)\n    return 2\n", "SyntaxError"),
        (b"def double(x):\r\n\treturn 2 * x\r\n", "All 2 checks passed."),
        (b"def double(x):\n\tif x:\n        return 2\n", "TabError"),
        (b"name = input('Who? ')\n" + GOOD.encode(), "EOFError"),
        (b"import os\nos._exit(0)\n", "ended early"),
        (b"import ctypes\nctypes.string_at(0)\n", "crashed"),
        (b"raise SystemExit\n", "called exit"),
    ],
    ids=[
        "empty",
        "binary",
        "latin",
        "huge",
        "syntax",
        "crlf",
        "tabs",
        "input",
        "exit",
        "crash",
        "system-exit",
    ],
)
def test_odd_files(kata: Run, space: Workspace, text: bytes, said: str) -> None:
    write(space, "double", text)
    done = kata("check", "double")
    assert said in done.stdout, done.stdout + done.stderr
    assert done.returncode == (0 if "All" in said else 1)
    assert "Traceback" not in done.stdout + done.stderr
    # Said once, not for every check.
    assert done.stdout.count(said) <= 2


@pytest.mark.parametrize("mode", MODES)
def test_loops_and_floods(kata: Run, space: Workspace, mode: str) -> None:
    write(space, "double", "while True:\n    pass\n")
    done = kata("check", "double", mode=mode)
    assert done.returncode == 1 and "timed out: Timed out after" in done.stdout
    write(space, "double", "for _ in range(20000):\n    print('x' * 50000)\n" + GOOD)
    done = kata("check", "double", mode=mode)
    assert len(done.stdout) < 20_000
    assert "Your code printed" in done.stdout and "characters)" in done.stdout


def test_missing_file(kata: Run, space: Workspace) -> None:
    write(space, "double", GOOD).unlink()
    done = kata("check", "double")
    assert done.returncode == 1 and "`kata reset double` brings the stub" in done.stdout


@pytest.mark.parametrize("mode", MODES)
def test_nothing_is_left_behind(kata: Run, space: Workspace, tmp_path: Path, mode: str) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    source = (
        "import subprocess, sys, os\n"
        f"child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(tmp_path / 'pids')!r}, 'a').write(f'{{child.pid}}\\n')\n"
    )
    write(space, "double", source + GOOD)
    done = kata("check", "double", mode=mode, env={"TMPDIR": str(scratch)})
    assert done.returncode == 0, done.stdout
    assert [p for p in scratch.iterdir() if not p.name.startswith("kata-timing")] == []
    for pid in (tmp_path / "pids").read_text().split():
        assert not _alive(int(pid))


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_light_exercises_import_nothing_heavy(space: Workspace) -> None:
    import subprocess
    import sys

    from tests.kata.kata_support import environment

    write(space, "double", GOOD)
    code = (
        "import sys, runpy\nsys.argv = ['kata', 'check', 'double']\n"
        "try:\n    runpy.run_module('autograder.kata.cli', run_name='__main__')\n"
        "except SystemExit as e:\n    assert e.code == 0, e.code\n"
        "heavy = {'torch', 'numpy', 'sqlalchemy', 'rich', 'IPython', 'jinja2', 'watchfiles'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=space.root,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
